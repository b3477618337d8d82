"""Reads a query: text in, a tree of clauses out. Source: contract 30, section 3 (its EBNF), section 8 (strict)."""

from __future__ import annotations

from typing import NoReturn

from deskhand.search.model import And, Clause, Node, Not, Or, QueryError, Range, excerpt
from deskhand.search.tokens import Kind, Token, read_tokens

MOST_CHARACTERS = 4096
MOST_CLAUSES = 256
DEEPEST_NESTING = 20

# Editors turn quotes typographic, and the vendor's own example has them. A NUL can be stored by no database.
_AS_WRITTEN = str.maketrans({"“": '"', "”": '"', "\0": " "})


def parse(text: str, *, strict: bool = False) -> Node | None:
    """The tree of a query, None if it is empty. Raises QueryError, and nothing else, in time linear to the text.

    ``strict`` is the search of API v3: every value names its field, every joint is spelled AND, OR or NOT.
    """
    text = text.translate(_AS_WRITTEN)
    if not text.strip():
        return None
    if len(text) > MOST_CHARACTERS:
        raise QueryError(f"the query has {len(text)} characters, more than {MOST_CHARACTERS}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError("this is not a character", error.start + 1) from None
    return _Parser(read_tokens(text, strict=strict), strict=strict).query()


class _Parser:
    """The tokens of a query and how far they are read. ``field`` is the one whose values a group holds, or None."""

    def __init__(self, tokens: list[Token], *, strict: bool) -> None:
        self.tokens = tokens
        self.strict = strict
        self.place = 0
        self.depth = 0
        self.clauses = 0

    def query(self) -> Node:
        node = self.any_of(None)
        if self.kind is Kind.CLOSE:
            raise QueryError("this parenthesis closes nothing", self.token.at)
        return node

    def any_of(self, field: str | None) -> Node:
        nodes = [self.all_of(field)]
        while self.kind is Kind.OR:
            self.place += 1
            nodes.append(self.all_of(field))
        return _joined(Or, nodes)

    def all_of(self, field: str | None) -> Node:
        nodes = [self.one(field)]
        while self.kind not in (Kind.OR, Kind.CLOSE, Kind.END):
            if self.kind is Kind.AND:
                self.place += 1
            elif self.strict:
                raise QueryError("write AND or OR before this", self.token.at)
            nodes.append(self.one(field))
        return _joined(And, nodes)

    def one(self, field: str | None) -> Node:
        token = self.token
        if token.kind is not Kind.NOT and token.kind is not Kind.PREFIX:
            return self.primary(field)
        self.place += 1
        node = self.primary(field)
        return node if token.text == "+" else Not(node)

    def primary(self, field: str | None) -> Node:
        name = self.token
        if name.kind is Kind.OPEN:
            return self.group(field)
        if name.kind is not Kind.FIELD:
            return self.clause(field, name)
        self.place += 1
        return self.group(name.text) if self.kind is Kind.OPEN else self.clause(name.text, name)

    def group(self, field: str | None) -> Node:
        opening = self.token
        self.place += 1
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise QueryError(f"parentheses are nested deeper than {DEEPEST_NESTING} levels", opening.at)
        node = self.any_of(field)
        self.depth -= 1
        if self.kind is Kind.CLOSE:  # else the query ends here, and the vendor's own example leaves one out
            self.place += 1
        return node

    def clause(self, field: str | None, start: Token) -> Clause:
        """The value here, for a field or on its own."""
        value = self.token.value
        if value is None:
            self.refuse(field)
        if field is None and isinstance(value, Range):
            raise QueryError("a range needs a field before it, as in number:[1 TO 9]", start.at)
        if field is None and self.strict:
            raise QueryError('name the field to search, as in subject:"invoice"', start.at)
        self.clauses += 1
        if self.clauses > MOST_CLAUSES:
            raise QueryError(f"the query has more than {MOST_CLAUSES} clauses", start.at)
        self.place += 1
        return Clause(field, value, start.at)

    def refuse(self, field: str | None) -> NoReturn:
        """Says what is missing where a value should be."""
        before = self.tokens[self.place - 1] if self.place else None
        if before is None or (before.kind is Kind.OPEN and self.token.text):
            raise QueryError(f"something to search for is missing before {excerpt(self.token.text or ')')}", self.token.at)
        if before.kind is Kind.OPEN:
            raise QueryError("there is nothing in this parenthesis", before.at)
        if before.kind is Kind.FIELD:
            raise QueryError(f"a value is missing after {excerpt(f'{field}:')}", before.at)
        raise QueryError(f"something to search for is missing after {excerpt(before.text)}", before.at)

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    @property
    def kind(self) -> Kind:
        return self.tokens[self.place].kind


def _joined(kind: type[And | Or], nodes: list[Node]) -> Node:
    """One node of several; parentheses that change nothing leave no trace, since clients wrap and wrap again."""
    if len(nodes) == 1:
        return nodes[0]
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, kind) else [node])
    return kind(tuple(flat))
