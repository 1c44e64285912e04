//! A module taken apart: variables, locals, resources, data sources, calls of other modules, outputs, providers.

use super::folder::Folder;
use super::types;
use crate::source::{FileId, Span};
use crate::syntax::hcl::{Attribute, Block, Body, Expr, ExprKind, Name};
use crate::value::Why;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A variable's declaration.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) default: Option<Expr>,
    /// Its type as written, such as `list(object({ name = string }))`.
    pub(super) kind: Option<Expr>,
    /// Whether a null that is passed stays null.
    pub(super) nullable: bool,
    /// Whether its value may be in no output.
    pub(super) sensitive: bool,
    /// The values that a validation allows, where it lists them.
    pub(super) allowed: Vec<Expr>,
    /// Why its default has no value, where that is so.
    pub(super) no_constant: Option<Why>,
}

/// A resource, or a data source.
#[derive(Debug)]
pub(super) struct Resource {
    /// Its type.
    pub(super) kind: Arc<str>,
    /// Its address in its module: `aws_s3_bucket.logs`, `data.aws_region.current`.
    pub(super) address: Arc<str>,
    pub(super) is_data: bool,
    /// Where its name stands.
    pub(super) span: Span,
    pub(super) body: Body,
}

/// A call of another module.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) name: Arc<str>,
    /// Where its name stands.
    pub(super) span: Span,
    pub(super) body: Body,
    /// Where its source is written, and the source.
    pub(super) source: Option<(Span, Arc<str>)>,
}

/// The configuration of a provider.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) kind: Arc<str>,
    /// Its alias; none for the default one.
    pub(super) alias: Option<Arc<str>>,
    pub(super) body: Body,
}

/// A directory of configuration as one module.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// The directory's path as reports show it.
    pub(super) path: Arc<str>,
    /// The first of its files.
    pub(super) file: Option<FileId>,
    pub(super) variables: BTreeMap<Arc<str>, Variable>,
    pub(super) locals: BTreeMap<Arc<str>, Expr>,
    pub(super) outputs: BTreeMap<Arc<str>, Expr>,
    /// What an output waits for beside its value: `depends_on`, and its conditions.
    pub(super) waits: BTreeMap<Arc<str>, Body>,
    pub(super) resources: Vec<Resource>,
    by_address: HashMap<Arc<str>, usize>,
    pub(super) calls: Vec<Call>,
    pub(super) providers: Vec<Provider>,
}

impl Module {
    pub(super) fn new(folder: Folder) -> Module {
        let mut module = Module {
            path: folder.path.into(),
            file: folder.files.first().map(|(_, file, _)| *file),
            ..Module::default()
        };
        let unread: Vec<Block> =
            folder.files.iter().filter(|(_, _, body)| body.is_broken).flat_map(companions).collect();
        let (overrides, plain): (Vec<_>, Vec<_>) = folder.files.into_iter().partition(|(name, ..)| is_override(name));
        let mut blocks: Vec<Block> = plain.into_iter().flat_map(|(_, _, body)| body.blocks).collect();
        for block in overrides.into_iter().flat_map(|(_, _, body)| body.blocks) {
            override_with(&mut blocks, block);
        }
        blocks.into_iter().chain(unread).for_each(|block| module.add(block));
        let each = module.variables.iter();
        let wrong: Vec<(Arc<str>, Why)> =
            each.filter_map(|(name, variable)| Some((name.clone(), module.no_constant(name, variable)?))).collect();
        for (name, why) in wrong {
            if let Some(variable) = module.variables.get_mut(&name) {
                variable.no_constant = Some(why);
            }
        }
        module
    }

    fn add(&mut self, block: Block) {
        let mut labels = block.labels.iter().map(|label| (Arc::<str>::from(&*label.text), label.span));
        let (first, second) = (labels.next(), labels.next());
        drop(labels);
        match (&*block.kind.text, first, second) {
            ("resource", Some((kind, _)), Some((name, span))) => {
                self.add_resource(kind, &name, span, false, block.body)
            }
            ("data", Some((kind, _)), Some((name, span))) => self.add_resource(kind, &name, span, true, block.body),
            ("variable", Some((name, _)), None) => {
                let mut body = block.body;
                let nullable = !matches!(body.get("nullable").map(|it| &it.kind), Some(ExprKind::Bool(false)));
                let sensitive = matches!(body.get("sensitive").map(|it| &it.kind), Some(ExprKind::Bool(true)));
                let allowed = body.blocks("validation").find_map(|block| listed(block.body.get("condition")?, &name));
                let variable = Variable {
                    sensitive,
                    allowed: allowed.unwrap_or_default(),
                    default: take(&mut body, "default"),
                    kind: take(&mut body, "type"),
                    nullable,
                    no_constant: None,
                };
                self.variables.entry(name).or_insert(variable);
            }
            ("output", Some((name, _)), None) => {
                let mut body = block.body;
                self.outputs.extend(take(&mut body, "value").map(|value| (name.clone(), value)));
                self.waits.insert(name, body);
            }
            ("locals", None, None) => {
                let each = block.body.attributes.into_iter().map(|it| (Arc::from(&*it.name.text), it.value));
                self.locals.extend(each);
            }
            ("module", Some((name, span)), None) => {
                let source = block.body.get("source").and_then(|it| Some((it.span, Arc::from(it.literal()?))));
                self.calls.push(Call { name, span, body: block.body, source });
            }
            ("provider", Some((kind, _)), None) => {
                let alias = block.body.get("alias").and_then(Expr::literal).map(Arc::from);
                self.providers.push(Provider { kind, alias, body: block.body });
            }
            // `check` may hold a data source of its own, which nothing outside can refer to.
            _ => {}
        }
    }

    fn add_resource(&mut self, kind: Arc<str>, name: &str, span: Span, is_data: bool, body: Body) {
        let address: Arc<str> = format!("{}{kind}.{name}", if is_data { "data." } else { "" }).into();
        self.by_address.entry(address.clone()).or_insert(self.resources.len());
        self.resources.push(Resource { kind, address, is_data, span, body });
    }

    /// The resource of an address in the module.
    pub(super) fn resource(&self, address: &str) -> Option<&Resource> {
        self.resources.get(*self.by_address.get(address)?)
    }

    /// The call of a name.
    pub(super) fn call(&self, name: &str) -> Option<&Call> {
        self.calls.iter().find(|call| &*call.name == name)
    }

    /// The configuration of a provider, by the place that it has among those of the module.
    pub(super) fn provider(&self, kind: &str, alias: Option<&str>) -> Option<(usize, &Provider)> {
        let mut all = self.providers.iter().enumerate();
        all.find(|(_, provider)| &*provider.kind == kind && provider.alias.as_deref() == alias)
    }
}

/// The values that a validation allows: `contains(["a", "b"], var.name)`.
fn listed(condition: &Expr, variable: &str) -> Option<Vec<Expr>> {
    let ExprKind::Call { name, arguments, .. } = &condition.kind else { return None };
    let [Expr { kind: ExprKind::List(items), .. }, Expr { kind: ExprKind::Attribute(base, own), .. }] =
        arguments.as_slice()
    else {
        return None;
    };
    let is_own = matches!(&base.kind, ExprKind::Variable(base) if &**base == "var") && &*own.text == variable;
    let literal =
        |item: &Expr| matches!(item.kind, ExprKind::Bool(_) | ExprKind::Number(_)) || item.literal().is_some();
    (&*name.text == "contains" && is_own && items.iter().all(literal)).then(|| items.clone())
}

/// What may be declared in a file that could not be read, or not all of it: of each type that is joined to others a
/// resource without known contents, so that no resource in sight is said to be without a companion.
fn companions((name, file, _): &(String, FileId, Body)) -> impl Iterator<Item = Block> {
    let span = Span::new(*file, 0..0);
    let named = move |text: &str| Name { text: text.into(), span };
    let name = name.clone();
    types::joined().map(move |kind| Block {
        kind: named("resource"),
        labels: vec![named(kind), named(&name)],
        body: Body { is_broken: true, ..Body::default() },
    })
}

fn take(body: &mut Body, name: &str) -> Option<Expr> {
    let at = body.attributes.iter().position(|attribute| &*attribute.name.text == name)?;
    Some(body.attributes.swap_remove(at).value)
}

/// Files of these names change what others declare (Terraform language, "Override files").
fn is_override(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}

/// What an override file says replaces attributes one by one, and blocks inside by their kind.
fn override_with(blocks: &mut Vec<Block>, over: Block) {
    let is_locals = &*over.kind.text == "locals";
    let same = |block: &&mut Block| {
        block.kind.text == over.kind.text
            && !is_locals
            && block.labels.iter().map(|label| &label.text).eq(over.labels.iter().map(|label| &label.text))
    };
    let Some(under) = blocks.iter_mut().find(same) else {
        blocks.push(over);
        return;
    };
    for Attribute { name, value } in over.body.attributes {
        under.body.attributes.retain(|known| known.name.text != name.text);
        under.body.attributes.push(Attribute { name, value });
    }
    let replaced: Vec<Box<str>> = over.body.blocks.iter().map(|block| block.kind.text.clone()).collect();
    under.body.blocks.retain(|block| !replaced.contains(&block.kind.text));
    under.body.blocks.extend(over.body.blocks);
}
