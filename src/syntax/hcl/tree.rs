//! The tree of a configuration: bodies of attributes and blocks, and expressions.
//!
//! Native syntax and JSON syntax give the same trees, so that no reader asks which it was. An expression is kept as it is
//! written; what it means is for the reader. Nothing here knows Terraform's functions or AWS.

use crate::source::Span;

/// Attributes and blocks, each in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// `name = value`.
    pub attributes: Vec<Attribute>,
    /// `kind "label" { … }`.
    pub blocks: Vec<Block>,
    /// Whether it is broken, so that there may be more in it than could be read.
    pub is_broken: bool,
}

/// A word with its place: a key, a label (quotes included in the place), the name of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The word.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Expr,
}

/// `kind "label" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What it is: `resource`, `variable`, or a block inside a resource.
    pub kind: Name,
    /// Its labels.
    pub labels: Vec<Name>,
    /// What it holds.
    pub body: Body,
}

/// An expression with its place: from its first to its last character as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The shapes of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number as written.
    Number(Box<str>),
    /// A quoted string or heredoc. Escapes are resolved, indentation of `<<-` is removed.
    Text(Vec<Part>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{ a = b }`. A key that is a bare word is a [`ExprKind::Text`]; one in parentheses is any expression.
    Map(Vec<(Expr, Expr)>),
    /// The first word of a reference: `var`, `local`, `each`, a resource type, the variable of a `for`.
    Variable(Box<str>),
    /// `a.b`; legacy `a.0` is an [`ExprKind::Index`].
    Attribute(Box<Expr>, Name),
    /// `a[b]`.
    Index(Box<Expr>, Box<Expr>),
    /// `a[*].b.c` (`full`) or `a.*.b`: `each` is applied to each element, in which [`ExprKind::Element`] stands for it. What follows
    /// an attribute-only splat but no longer belongs to it (`a.*.b[0]`) stands around it.
    Splat {
        /// What is gone through.
        over: Box<Expr>,
        /// What is taken of each element.
        each: Box<Expr>,
    },
    /// The element inside a splat.
    Element,
    /// `f(a, b...)`.
    Call {
        /// The function.
        name: Name,
        /// Its arguments.
        arguments: Vec<Expr>,
        /// Whether the last one is spread (`...`).
        spread: bool,
    },
    /// `a ? b : c`.
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `!a`, `-a`.
    Unary(Unary, Box<Expr>),
    /// `a && b`.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `[for …]`, `{for …}`.
    For(Box<For>),
    /// Something that cannot be told: an expression of a plan of which only the references are known, given as expressions.
    Opaque(Vec<Expr>),
    /// One of these, where it names a resource; which one a plan does not tell.
    Chosen(Vec<Expr>),
}

/// A piece of a string template.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Characters, escapes resolved, and where they begin in the file, where other parts may stand beside them.
    Literal(Box<str>, Option<u32>),
    /// `${ … }`.
    Interpolation(Expr),
    /// `%{ if a }b%{ else }c%{ endif }`.
    If(Expr, Vec<Part>, Vec<Part>),
    /// `%{ for k, v in a }b%{ endfor }`.
    For {
        /// The variable of the key.
        key: Option<Box<str>>,
        /// The variable of the value.
        value: Box<str>,
        /// What is gone through.
        over: Expr,
        /// What is repeated.
        body: Vec<Part>,
    },
}

/// `[for k, v in over : value if condition]`, `{for k, v in over : key => value... if condition}`.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// The variable of the key.
    pub key: Option<Box<str>>,
    /// The variable of the value.
    pub value: Box<str>,
    /// What is gone through.
    pub over: Expr,
    /// The key that is made, for a mapping.
    pub key_made: Option<Expr>,
    /// The value that is made.
    pub value_made: Expr,
    /// Which elements count.
    pub condition: Option<Expr>,
    /// Whether values of one key are grouped (`...`).
    pub grouped: bool,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `!`
    Not,
    /// `-`
    Minus,
}

/// An operator between its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Divided,
    /// `%`
    Modulo,
}

impl Body {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&Expr> {
        self.attributes.iter().find(|attribute| &*attribute.name.text == name).map(|attribute| &attribute.value)
    }

    /// The blocks of a kind.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| &*block.kind.text == kind)
    }
}

impl Expr {
    /// The text of a string without interpolation.
    pub fn literal(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Text(parts) => match parts.as_slice() {
                [] => Some(""),
                [Part::Literal(text, _)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }
}
