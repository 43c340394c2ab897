"""Where a C++ source can be made wrong, and a source that is wrong in all these places, of which one is chosen when
the program starts ("mutant schemata", Untch, Offutt and Harrold 1993): one build serves all mutants.

    text, points = find_points("reference/src/event.cpp", path, ["-std=c++20"])
    wrong = Rendering(text, points).text

Found with clang's own parser, so that neither comments nor strings nor what is computed while compiling is touched.
"""

import dataclasses
import re

from clang import cindex

Kind = cindex.CursorKind

# What becomes of an operator. One or two for each: those that tests miss most easily.
REPLACEMENTS = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
    "&&": ("||",), "||": ("&&",), "+": ("-",), "-": ("+",), "*": ("+",), "/": ("*",), "%": ("/",),
    "&": ("|",), "|": ("&",), "<<": (">>",), ">>": ("<<",),
    "+=": ("-=",), "-=": ("+=",), "|=": ("&=",), "&=": ("|=",), "++": ("--",), "--": ("++",),
}  # fmt: skip
GROUPS = {"comparison": ("<", "<=", ">", ">=", "==", "!="), "logic": ("&&", "||")}

# In these nothing is computed when the program runs.
COMPILE_TIME = {
    Kind.STATIC_ASSERT, Kind.ENUM_CONSTANT_DECL, Kind.CONCEPT_DECL, Kind.TYPE_ALIAS_DECL, Kind.TYPEDEF_DECL,
    Kind.TYPE_ALIAS_TEMPLATE_DECL, Kind.TEMPLATE_NON_TYPE_PARAMETER, Kind.TEMPLATE_TYPE_PARAMETER,
    Kind.CONCEPT_SPECIALIZATION_EXPR, Kind.REQUIRES_EXPR, Kind.ALIGNED_ATTR, Kind.FRIEND_DECL,
}  # fmt: skip
FUNCTIONS = {Kind.FUNCTION_DECL, Kind.CXX_METHOD, Kind.CONSTRUCTOR, Kind.DESTRUCTOR, Kind.FUNCTION_TEMPLATE,
             Kind.CONVERSION_FUNCTION}  # fmt: skip
INTEGER = re.compile(rb"(0[xX][0-9a-fA-F']+|[0-9][0-9']*)([uUlLzZ]*)")
ORDER = re.compile(rb"std::memory_order_(acquire|release|acq_rel|seq_cst)")


@dataclasses.dataclass
class Point:
    """One change: `before`, the bytes from `begin` to `end`, becomes `after`."""

    file: str
    function: str
    line: int
    begin: int
    end: int
    kind: str
    before: str
    after: str
    short: str  # the change in a few letters, for its name
    name: str = ""  # the same as long as the function is
    number: int = 0  # by which it is chosen


def code(point):
    """What stands before and behind the code that is right; the first part holds what is wrong."""
    chosen = b"(::freethreading_mutation::chosen(%d) ? " % point.number
    if point.kind == "removal":
        return chosen + b"static_cast<void>(0) : static_cast<void>(", b"))"
    return chosen + b"(" + point.after.encode() + b") : (", b"))"


def outermost_first(point):
    """What is left out is a statement, and any other change is one of an expression in it."""
    return point.begin, -point.end, point.kind != "removal"


class Finder:
    """Walks over one file."""

    def __init__(self, file, text):
        self.file = file
        self.text = text
        self.points = {}

    def add(self, cursor, kind, after, short, function):
        begin, end = cursor.extent.start.offset, cursor.extent.end.offset
        before = self.text[begin:end].decode()
        key = (begin, end, kind, after)
        self.points.setdefault(key, Point(self.file, function, cursor.extent.start.line, begin, end, kind, before,
                                          after.decode(), short))  # fmt: skip

    def operator_between(self, left, right):
        begin, end = left.extent.end.offset, right.extent.start.offset
        found = re.fullmatch(rb"\s*([-+*/%&|<>=!^]+)[\s(]*", self.text[begin:end])
        return (found[1].decode(), begin + found.start(1), begin + found.end(1)) if found else None

    def binary(self, cursor, function):
        children = list(cursor.get_children())
        found = self.operator_between(*children) if len(children) == 2 else None
        if found is None:
            return
        operator, begin, end = found
        for other in REPLACEMENTS.get(operator, ()):
            after = self.text[cursor.extent.start.offset:begin] + other.encode() + self.text[end:cursor.extent.end.offset]
            kind = next((name for name, group in GROUPS.items() if operator in group), "arithmetic")
            self.add(cursor, kind, after, f"{operator} to {other}", function)

    def unary(self, cursor, function):
        text = self.text[cursor.extent.start.offset:cursor.extent.end.offset]
        if text.startswith(b"!"):
            self.add(cursor, "logic", b"static_cast<bool>(" + text[1:] + b")", "! left out", function)
        for operator in ("++", "--"):
            other = REPLACEMENTS[operator][0]
            if text.startswith(operator.encode()):
                self.add(cursor, "arithmetic", other.encode() + text[2:], f"{operator} to {other}", function)
            elif text.endswith(operator.encode()):
                self.add(cursor, "arithmetic", text[:-2] + other.encode(), f"{operator} to {other}", function)

    def literal(self, cursor, function):
        text = self.text[cursor.extent.start.offset:cursor.extent.end.offset]
        if text in (b"true", b"false"):
            other = b"false" if text == b"true" else b"true"
            self.add(cursor, "constant", other, f"{text.decode()} to {other.decode()}", function)
        elif found := INTEGER.fullmatch(text):
            self.add(cursor, "constant", b"%s + 1" % text, f"{text.decode()} to more", function)
            if int(found[1].replace(b"'", b""), 0) > 0:
                self.add(cursor, "constant", b"%s - 1" % text, f"{text.decode()} to less", function)

    def order(self, cursor, function):
        text = self.text[cursor.extent.start.offset:cursor.extent.end.offset]
        if found := ORDER.fullmatch(text):
            self.add(cursor, "order", b"std::memory_order_relaxed", f"{found[1].decode()} to relaxed", function)

    def statement(self, cursor, function):
        text = self.text[cursor.extent.start.offset:cursor.extent.end.offset]
        plain = cursor
        while plain.kind in (Kind.UNEXPOSED_EXPR, Kind.CXX_STATIC_CAST_EXPR) and len(list(plain.get_children())):
            plain = list(plain.get_children())[-1]
        wanted = plain.kind in (Kind.CALL_EXPR, Kind.COMPOUND_ASSIGNMENT_OPERATOR, Kind.CXX_THROW_EXPR,
                                Kind.CXX_DELETE_EXPR)  # fmt: skip
        if plain.kind == Kind.BINARY_OPERATOR:
            found = self.operator_between(*plain.get_children())
            wanted = found is not None and found[0] == "="
        if plain.kind == Kind.UNARY_OPERATOR:
            wanted = b"++" in text or b"--" in text
        if wanted:
            words = " ".join(text.decode().split())
            self.add(cursor, "removal", b"", "without " + (words if len(words) <= 40 else words[:37] + "..."), function)

    def is_compile_time(self, cursor):
        if cursor.kind in COMPILE_TIME:
            return True
        head = self.text[cursor.extent.start.offset:cursor.extent.end.offset]
        if cursor.kind in (Kind.VAR_DECL, Kind.FIELD_DECL):
            return re.search(rb"\bconst(expr|init)\b", head[:head.find(b"=")] if b"=" in head else head[:80]) is not None
        return False

    def is_within(self, cursor):
        place = cursor.extent.start
        return place.file is not None and place.file.name == self.file

    def walk(self, cursor, function):
        for child in cursor.get_children():
            if not self.is_within(child):
                if cursor.kind == Kind.TRANSLATION_UNIT:
                    continue
            elif self.is_compile_time(child):
                continue
            else:
                self.look_at(cursor, child, function)
            self.walk(child, child.spelling if child.kind in FUNCTIONS else function)

    def look_at(self, parent, child, function):
        if child.kind in (Kind.BINARY_OPERATOR, Kind.COMPOUND_ASSIGNMENT_OPERATOR):
            self.binary(child, function)
        elif child.kind == Kind.UNARY_OPERATOR:
            self.unary(child, function)
        elif child.kind in (Kind.INTEGER_LITERAL, Kind.CXX_BOOL_LITERAL_EXPR):
            self.literal(child, function)
        elif child.kind == Kind.DECL_REF_EXPR:
            self.order(child, function)
        body = list(parent.get_children())
        if parent.kind == Kind.COMPOUND_STMT or (
            parent.kind in (Kind.IF_STMT, Kind.FOR_STMT, Kind.WHILE_STMT, Kind.CXX_FOR_RANGE_STMT)
            and (child == body[-1] or (parent.kind == Kind.IF_STMT and len(body) == 3 and child == body[1]))
        ):
            self.statement(child, function)


def find_points(file, path, arguments):
    """All points of the file at `path`, in their order; each has a name, and no number yet."""
    with open(path, "rb") as source:
        text = source.read()
    unit = cindex.Index.create().parse(str(path), args=arguments)
    errors = [str(found) for found in unit.diagnostics if found.severity >= cindex.Diagnostic.Error]
    if errors:
        raise ValueError(f"{path} does not compile: {errors[0]}")
    finder = Finder(str(path), text)
    finder.walk(unit.cursor, "")
    points = sorted(finder.points.values(), key=lambda it: (*outermost_first(it), it.kind, it.short))
    seen = {}
    for point in points:
        point.file = file
        name = f"{file} {point.function}: {point.short}"
        seen[name] = seen.get(name, 0) + 1
        point.name = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return text, points


class Rendering:
    """The source with all points in it, and where in it each stands."""

    def __init__(self, text, points):
        self.source = text
        self.text = bytearray()
        self.places = []  # (begin, end of what is wrong, end, point)
        self.write(0, len(text), sorted(points, key=outermost_first))

    def write(self, begin, end, points):
        at = begin
        while points:
            first, *rest = points
            inside = [point for point in rest if point.end <= first.end]
            if any(point.begin < first.end for point in rest if point not in inside):
                raise ValueError(f"{first.name} overlaps another")
            self.text += self.source[at:first.begin]
            start = len(self.text)
            before, behind = code(first)
            self.text += before
            wrong_until = len(self.text)
            self.write(first.begin, first.end, inside)
            self.text += behind
            self.places.append((start, wrong_until, len(self.text), first))
            at = first.end
            points = [point for point in rest if point not in inside]
        self.text += self.source[at:end]

    def points_at(self, line, column):
        """Those that a compiler may mean by an error there: the one whose change it is; otherwise all around it;
        otherwise all of the line."""
        lines = self.text.split(b"\n")
        offset = sum(len(it) + 1 for it in lines[: line - 1]) + column - 1
        wrong = [(until - start, point) for start, until, _, point in self.places if start <= offset < until]
        if wrong:
            return [min(wrong, key=lambda it: it[0])[1]]
        around = [point for start, _, end, point in self.places if start <= offset < end]
        first = offset - column + 1
        last = first + len(lines[line - 1])
        return around or [point for start, _, end, point in self.places if start < last and end > first]
