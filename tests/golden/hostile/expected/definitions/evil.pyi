# hostile
class DeepValue1_14: value1: dict[str, Any] | None
class DeepValue1_46: value1: DeepValue1_14 | None
class DeepValue1_24: value1: DeepValue1_46 | None
class DeepValue1_37: value1: DeepValue1_24 | None
class DeepValue1_60: value1: DeepValue1_37 | None
class DeepValue1_3: value1: DeepValue1_60 | None
class DeepValue1_31: value1: DeepValue1_3 | None
class DeepValue1_11: value1: DeepValue1_31 | None
class DeepValue1_49: value1: DeepValue1_11 | None
class DeepValue1_16: value1: DeepValue1_49 | None
class DeepValue1_4: value1: DeepValue1_16 | None
class DeepValue1_57: value1: DeepValue1_4 | None
class DeepValue1_50: value1: DeepValue1_57 | None
class DeepValue1_56: value1: DeepValue1_50 | None
class DeepValue1_45: value1: DeepValue1_56 | None
class DeepValue1_32: value1: DeepValue1_45 | None
class DeepValue1_13: value1: DeepValue1_32 | None
class DeepValue1_36: value1: DeepValue1_13 | None
class DeepValue1_41: value1: DeepValue1_36 | None
class DeepValue1_21: value1: DeepValue1_41 | None
class DeepValue1_9: value1: DeepValue1_21 | None
class DeepValue1_8: value1: DeepValue1_9 | None
class DeepValue1_51: value1: DeepValue1_8 | None
class DeepValue1_38: value1: DeepValue1_51 | None
class DeepValue1_47: value1: DeepValue1_38 | None
class DeepValue1_35: value1: DeepValue1_47 | None
class DeepValue1_30: value1: DeepValue1_35 | None
class DeepValue1: value1: DeepValue1_30 | None
class DeepValue1_12: value1: DeepValue1 | None
class DeepValue1_44: value1: DeepValue1_12 | None
class DeepValue1_23: value1: DeepValue1_44 | None
class DeepValue1_26: value1: DeepValue1_23 | None
class DeepValue1_27: value1: DeepValue1_26 | None
class DeepValue1_43: value1: DeepValue1_27 | None
class DeepValue1_63: value1: DeepValue1_43 | None
class DeepValue1_52: value1: DeepValue1_63 | None
class DeepValue1_61: value1: DeepValue1_52 | None
class DeepValue1_10: value1: DeepValue1_61 | None
class DeepValue1_5: value1: DeepValue1_10 | None
class DeepValue1_22: value1: DeepValue1_5 | None
class DeepValue1_17: value1: DeepValue1_22 | None
class DeepValue1_55: value1: DeepValue1_17 | None
class DeepValue1_39: value1: DeepValue1_55 | None
class DeepValue1_40: value1: DeepValue1_39 | None
class DeepValue1_53: value1: DeepValue1_40 | None
class DeepValue1_18: value1: DeepValue1_53 | None
class DeepValue1_58: value1: DeepValue1_18 | None
class DeepValue1_28: value1: DeepValue1_58 | None
class DeepValue1_15: value1: DeepValue1_28 | None
class DeepValue1_54: value1: DeepValue1_15 | None
class DeepValue1_29: value1: DeepValue1_54 | None
class DeepValue1_48: value1: DeepValue1_29 | None
class DeepValue1_59: value1: DeepValue1_48 | None
class DeepValue1_33: value1: DeepValue1_59 | None
class DeepValue1_19: value1: DeepValue1_33 | None
class DeepValue1_34: value1: DeepValue1_19 | None
class DeepValue1_20: value1: DeepValue1_34 | None
class DeepValue1_2: value1: DeepValue1_20 | None
class DeepValue1_25: value1: DeepValue1_2 | None
class DeepValue1_62: value1: DeepValue1_25 | None
class DeepValue1_42: value1: DeepValue1_62 | None
class DeepValue1_6: value1: DeepValue1_42 | None
class DeepValue1_7: value1: DeepValue1_6 | None
class Arguments: value1: DeepValue1_7 | None
E = Literal["'); __import__('os').system('touch PWNED'); ('", "\n__import__('os').system('touch PWNED')\n", "\\'", '"', '"""']
class EmojiAbcResult: n3d: str  # n3d is key '3d'
class XPassImportOsSystemTouchPWNEDClassY: a: str | None; b: str | None; c: str | None; d: str | None; o: Any; a_str___import___os_system_touch_PWNED: str | None; x_int___import___os_system_touch_PWNED_y: str | None; class__: str | None; unnamed: str | None; import_: str | None; str_: int | None; e: E; f: str | None; g: int | None; h: str | None; i: str | None; j: Any; k: Any; l: str | None; m: str | None; n: float | None  # a_str___import___os_system_touch_PWNED is key "a': str}); __import__('os').system('touch PWNED'); ({'"; x_int___import___os_system_touch_PWNED_y is key "x: int\n__import__('os').system('touch PWNED')\ny"; class__ is key '__class__'; unnamed is key ''; import_ is key 'import'; str_ is key 'str'
class evil:  # Offered by app __import__('os').system('touch PW....
 def deep(arguments: Arguments) -> Any: ...  # result shape not declared
 def emoji_abc(名前: str, été: str) -> EmojiAbcResult: ...
 def import_(class_: str, None_: int, def_: bool) -> Any: ...  # result shape not declared
 def tool_import_os_system_touch_pwned(e: E, a: str = ..., b: str = ..., c: str = ..., d: str = ..., o: Any = ..., a_str___import___os_system_touch_PWNED: str = ..., x_int___import___os_system_touch_PWNED_y: str = ..., class__: str = ..., unnamed: str = ..., import_: str = ..., str_: int = ..., f: str = "'); __import__('os').system('touch PWNED') #", g: int = ..., h: str = ..., i: str = ..., j: Any = ..., k: Any = ..., l: str = ..., m: str = ..., n: float = ...) -> XPassImportOsSystemTouchPWNEDClassY: ...  # "quoted" """ __import__('os').system('touch PWNED') \. l pattern ^(a+)+$
