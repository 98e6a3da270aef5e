/** Names that the snippet language keeps for itself; `language.py` has the same. */

export const SAFE_MODULES = Object.freeze(
  (
    "abc asyncio base64 bisect calendar collections contextlib copy csv dataclasses datetime decimal difflib enum " +
    "fractions functools hashlib heapq io itertools json math numbers operator pprint random re statistics string " +
    "textwrap time types typing unicodedata uuid zoneinfo"
  ).split(" "),
);

/** Safe modules whose names a namespace, a function or an input may have all the same. */
const YIELDING_MODULES = ["abc", "csv", "difflib", "io", "numbers", "pprint", "types", "unicodedata"];

const BUILTINS = `
  ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError
  BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError
  DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup False FileExistsError
  FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError
  IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError
  NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError PendingDeprecationWarning
  PermissionError ProcessLookupError PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError
  RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError
  True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning
  UserWarning ValueError Warning ZeroDivisionError abs aiter all anext any ascii bin bool breakpoint bytearray bytes
  callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float
  format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len license list locals
  map max memoryview min next object oct open ord pow print property quit range repr reversed round set setattr slice
  sorted staticmethod str sum super tuple type vars zip`;

/** Words of the language itself: no name can be one. */
export const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if " +
    "import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** What no global function or input may be called. */
export const RESERVED = new Set([
  ...BUILTINS.trim().split(/\s+/),
  ...SAFE_MODULES.filter((name) => !YIELDING_MODULES.includes(name)),
  ...["inputs", "parallel"],
  ...["AppError", "ArgumentError", "DeniedError", "ResultError", "UnavailableError"],
]);
