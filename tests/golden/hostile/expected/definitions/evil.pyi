# hostile
class Value1_61: value1: dict[str, Any] | None
class Value1_60: value1: Value1_61 | None
class Value1_59: value1: Value1_60 | None
class Value1_58: value1: Value1_59 | None
class Value1_57: value1: Value1_58 | None
class Value1_56: value1: Value1_57 | None
class Value1_55: value1: Value1_56 | None
class Value1_54: value1: Value1_55 | None
class Value1_53: value1: Value1_54 | None
class Value1_52: value1: Value1_53 | None
class Value1_51: value1: Value1_52 | None
class Value1_50: value1: Value1_51 | None
class Value1_49: value1: Value1_50 | None
class Value1_48: value1: Value1_49 | None
class Value1_47: value1: Value1_48 | None
class Value1_46: value1: Value1_47 | None
class Value1_45: value1: Value1_46 | None
class Value1_44: value1: Value1_45 | None
class Value1_43: value1: Value1_44 | None
class Value1_42: value1: Value1_43 | None
class Value1_41: value1: Value1_42 | None
class Value1_40: value1: Value1_41 | None
class Value1_39: value1: Value1_40 | None
class Value1_38: value1: Value1_39 | None
class Value1_37: value1: Value1_38 | None
class Value1_36: value1: Value1_37 | None
class Value1_35: value1: Value1_36 | None
class Value1_34: value1: Value1_35 | None
class Value1_33: value1: Value1_34 | None
class Value1_32: value1: Value1_33 | None
class Value1_31: value1: Value1_32 | None
class Value1_30: value1: Value1_31 | None
class Value1_29: value1: Value1_30 | None
class Value1_28: value1: Value1_29 | None
class Value1_27: value1: Value1_28 | None
class Value1_26: value1: Value1_27 | None
class Value1_25: value1: Value1_26 | None
class Value1_24: value1: Value1_25 | None
class Value1_23: value1: Value1_24 | None
class Value1_22: value1: Value1_23 | None
class Value1_21: value1: Value1_22 | None
class Value1_20: value1: Value1_21 | None
class Value1_19: value1: Value1_20 | None
class Value1_18: value1: Value1_19 | None
class Value1_17: value1: Value1_18 | None
class Value1_16: value1: Value1_17 | None
class Value1_15: value1: Value1_16 | None
class Value1_14: value1: Value1_15 | None
class Value1_13: value1: Value1_14 | None
class Value1_12: value1: Value1_13 | None
class Value1_11: value1: Value1_12 | None
class Value1_10: value1: Value1_11 | None
class Value1_9: value1: Value1_10 | None
class Value1_8: value1: Value1_9 | None
class Value1_7: value1: Value1_8 | None
class Value1_6: value1: Value1_7 | None
class Value1_5: value1: Value1_6 | None
class Value1_4: value1: Value1_5 | None
class Value1_3: value1: Value1_4 | None
class Value1_2: value1: Value1_3 | None
class Value1: value1: Value1_2 | None
class ArgumentsValue1_2: value1: Value1 | None
class ArgumentsValue1: value1: ArgumentsValue1_2 | None
class Arguments: value1: ArgumentsValue1 | None
E = Literal["'); __import__('os').system('touch PWNED'); ('", "\n__import__('os').system('touch PWNED')\n", "\\'", '"', '"""']
class EmojiAbcResult: n3d: str  # n3d is key '3d'
class XPassImportOsSystemTouchPWNEDClassY: a: str | None; b: str | None; c: str | None; d: str | None; o: Any; a_str___import___os_system_touch_PWNED: str | None; x_int___import___os_system_touch_PWNED_y: str | None; class__: str | None; unnamed: str | None; import_: str | None; str_: int | None; e: E; f: str | None; g: int | None; h: str | None; i: str | None; j: Any; k: Any; l: str | None; m: str | None; n: float | None  # a_str___import___os_system_touch_PWNED is key "a': str}); __import__('os').system('touch PWNED'); ({'"; x_int___import___os_system_touch_PWNED_y is key "x: int\n__import__('os').system('touch PWNED')\ny"; class__ is key '__class__'; unnamed is key ''; import_ is key 'import'; str_ is key 'str'
class evil:  # Offered by app __import__('os').system('touch PW....
 def deep(arguments: Arguments) -> Any: ...  # result shape not declared
 def emoji_abc(名前: str, été: str) -> EmojiAbcResult: ...
 def import_(class_: str, None_: int, def_: bool) -> Any: ...  # result shape not declared
 def tool_import_os_system_touch_pwned(e: E, a: str = ..., b: str = ..., c: str = ..., d: str = ..., o: Any = ..., a_str___import___os_system_touch_PWNED: str = ..., x_int___import___os_system_touch_PWNED_y: str = ..., class__: str = ..., unnamed: str = ..., import_: str = ..., str_: int = ..., f: str = "'); __import__('os').system('touch PWNED') #", g: int = ..., h: str = ..., i: str = ..., j: Any = ..., k: Any = ..., l: str = ..., m: str = ..., n: float = ...) -> XPassImportOsSystemTouchPWNEDClassY: ...  # "quoted" """ __import__('os').system('touch PWNED') \. l pattern ^(a+)+$
