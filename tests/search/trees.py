"""Query trees for property tests: made at random, printed as a query, compared without the places of clauses."""

from hypothesis import strategies as st

from deskhand.search.model import And, Clause, Node, Not, Or, Phrase, Range, Term, Value

SPECIAL = set('()[]{}":\\+-!~^*?&|“”')

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0“”"), max_size=12)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9._]{0,6}", fullmatch=True).filter(lambda name: name.lower() != "mailto")


@st.composite
def terms(draw: st.DrawFn) -> Term:
    text = draw(texts.filter(bool))
    stars = [place for place, character in enumerate(text) if character in "*?"]
    return Term(text, tuple(place for place in stars if draw(st.booleans())))


bounds = st.none() | texts.filter(bool)
ranges = st.builds(Range, bounds, bounds, st.booleans(), st.booleans())
clauses = st.builds(Clause, names, st.builds(Phrase, texts) | terms() | ranges) | st.builds(
    Clause, st.none(), st.builds(Phrase, texts) | terms()
)


def joined(kind: type[And | Or], nodes: list[Node]) -> Node:
    return kind(tuple(part for node in nodes for part in (node.nodes if isinstance(node, kind) else [node])))


def trees_of(leaves: st.SearchStrategy[Clause]) -> st.SearchStrategy[Node]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(Not, inner) | st.builds(joined, st.sampled_from([And, Or]), st.lists(inner, min_size=2, max_size=4))
        ),
        max_leaves=12,
    )


trees = trees_of(clauses)


def printed(node: Node) -> str:
    """A query that reads as the tree, with parentheses wherever they could matter."""
    match node:
        case Clause():
            value = printed_value(node.value)
            return value if node.field is None else f"{node.field}:{value}"
        case Not():
            return f"NOT {wrapped(node.node)}"
        case And():
            return " AND ".join(wrapped(part) for part in node.nodes)
        case Or():
            return " OR ".join(wrapped(part) for part in node.nodes)


def wrapped(node: Node) -> str:
    return printed(node) if isinstance(node, Clause) else f"({printed(node)})"


def printed_value(value: Value) -> str:
    match value:
        case Phrase():
            return quoted(value.text)
        case Term():
            return "".join(
                character if place in value.wildcards else escaped(character) for place, character in enumerate(value.text)
            )
        case Range():
            low, high = ("*" if bound is None else quoted(bound) for bound in (value.low, value.high))
            return f"{'[' if value.includes_low else '{'}{low} TO {high}{']' if value.includes_high else '}'}"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def escaped(character: str) -> str:
    """Escaped if it could mean something: a sign, a space, or a letter of an operator."""
    return f"\\{character}" if character in SPECIAL or character.isspace() or character in "AON" else character


def without_places(node: Node) -> Node:
    match node:
        case Clause():
            return Clause(node.field, node.value)
        case Not():
            return Not(without_places(node.node))
        case And() | Or():
            return type(node)(tuple(without_places(part) for part in node.nodes))
