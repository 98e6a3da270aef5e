# value: ["2024", ["2024", "05"], [3, 10], "b at a", ["a", "b", "c"], [0, 2], true, "xax"]
import re
m = re.search(r'(?P<y>\d{4})-(\d\d)', 'on 2024-05')
[m.group('y'), m.groups(), m.span(), re.sub(r'(\w+)@(\w+)', r'\2 at \1', 'a@b'), re.split(r'[,;]\s*', 'a, b;c'), [x.start() for x in re.finditer('a', 'aba')], bool(re.fullmatch('a+', 'aa')), re.compile('x', re.I).sub(lambda m: m.group().lower(), 'XaX')]
