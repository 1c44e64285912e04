//! Functions that read files. Only what the run handed over is there: files below its modules.

use super::eval::{Env, Eval};
use super::folder::join;
use super::glob::Glob;
use super::lift::{Reach, lift};
use super::module::Resource;
use super::references::literal_path;
use super::refusal::{refusal, refused};
use crate::read::{Content, Datum, embedded, json_text};
use crate::source::{FileId, Span};
use crate::syntax::hcl;
use crate::value::{Text, Why, WhyKind};
use std::sync::Arc;

/// Deepest nesting of templates that render templates.
const MAX_TEMPLATES: usize = 8;

impl<'a> Eval<'a> {
    /// The functions of files and templates; none where it is another function.
    pub(super) fn file_function(&self, env: &Env<'a>, name: &str, values: &[Datum], span: Span) -> Option<Datum> {
        let work: &dyn Fn(&[Datum]) -> Datum = match name {
            "file" => &|values| match self.file(values.first()) {
                Ok((file, text)) => read(file, text),
                Err(why) => Datum::unknown(why.at(span), span),
            },
            "fileexists" => {
                &|values| match values.first().and_then(literal_path).map(|path| join(self.root.path(), &path)) {
                    Some(path) if self.root.library.files.texts.contains_key(&path) => plain("true", span),
                    path => Datum::unknown(not_read(path.as_deref().unwrap_or("a file")), span),
                }
            }
            "templatefile" => &|values| {
                let (file, text) = match self.file(values.first()) {
                    Ok(found) => found,
                    Err(why) => return Datum::unknown(why.at(span), span),
                };
                self.render(env, file, text, values.get(1), span)
            },
            "templatestring" => &|values| match values.first().map(Datum::as_text) {
                Some(text) => match text.literal() {
                    Some(literal) => self.render(env, span.file, &Arc::from(literal), values.get(1), span),
                    None => Datum::unknown(text.why().unwrap_or_else(|| not_read("a template")), span),
                },
                None => refused("`templatestring` needs a template", span),
            },
            "fileset" => &|values| match self.listed_files(values) {
                Ok(paths) => {
                    Datum::new(Content::List(paths.iter().map(|path| Datum::text(&**path, span)).collect()), span)
                }
                Err(why) => Datum::unknown(why.at(span), span),
            },
            "filebase64" | "filemd5" | "filesha1" | "filesha256" | "filesha512" | "filebase64sha256"
            | "filebase64sha512" => &|_| Datum::unknown(not_read("a file"), span),
            _ => return None,
        };
        Some(lift(values, span, Reach::Top, work))
    }

    fn file(&self, path: Option<&Datum>) -> Result<(FileId, &'a Arc<str>), Why> {
        let Some(path) = path else { return Err(refusal("a file needs a path")) };
        let Some(literal) = literal_path(path) else {
            let why = super::expand::open(path).unwrap_or_else(|| not_read("a file"));
            return Err(why);
        };
        let found = self.root.library.files.texts.get(&join(self.root.path(), &literal));
        found.map(|(file, text)| (*file, text)).ok_or_else(|| not_read(&literal))
    }

    /// The files below a directory whose paths from there are as a pattern says, in their order. Where there are none, the
    /// directory was perhaps not read.
    fn listed_files(&self, values: &[Datum]) -> Result<Vec<String>, Why> {
        let [directory, pattern] = values else { return Err(refusal("`fileset` takes a directory and a pattern")) };
        let (Some(directory), Some(pattern)) = (literal_path(directory), literal_path(pattern)) else {
            let why = values.iter().find_map(super::expand::open);
            return Err(why.unwrap_or_else(|| not_read("the directory of `fileset`")));
        };
        let below = join(self.root.path(), &directory);
        let below = if matches!(&*below, "" | ".") { String::new() } else { format!("{below}/") };
        let Some(glob) = Glob::new(&pattern) else {
            let text = format!("the pattern `{pattern}` of `fileset` is not worked out");
            return Err(Why::new(WhyKind::Unsupported, "fileset", text));
        };
        let paths = self.root.library.files.texts.keys().filter_map(|path| path.strip_prefix(&below));
        let found: Vec<String> = paths.filter(|path| glob.matches(path)).map(str::to_owned).collect();
        if found.is_empty() { Err(not_read(&format!("{directory}/{pattern}"))) } else { Ok(found) }
    }

    /// `data "template_file"`, the template provider's forerunner of `templatefile`.
    pub(super) fn rendered(&self, env: &Env<'a>, resource: &Resource, span: Span) -> Option<Datum> {
        let template = self.written(env, resource, "template")?;
        let vars = self.written(env, resource, "vars");
        // A file that is JSON was read as what it says; the template is what is written in it.
        let read = || self.root.library.files.texts.values().find(|(file, _)| *file == template.span.file);
        if let (Content::List(_) | Content::Map { .. }, Some((file, text))) = (&template.content, read()) {
            return Some(self.render(env, *file, text, vars.as_ref(), span));
        }
        let literal = json_text::of(&template);
        let literal = literal.literal()?;
        Some(self.render(env, template.span.file, &Arc::from(literal), vars.as_ref(), span))
    }

    fn render(&self, env: &Env<'a>, file: FileId, text: &Arc<str>, vars: Option<&Datum>, span: Span) -> Datum {
        if env.names.len() > MAX_TEMPLATES * 64 || !self.enters() {
            return refused("templates are nested too deeply", span);
        }
        let rendered = match hcl::template(file, text, 0) {
            Ok(parts) => {
                let names: Vec<(Arc<str>, Datum)> = match vars.map(|vars| &vars.content) {
                    Some(Content::Map { members, .. }) => {
                        members.iter().map(|member| (member.key.clone(), member.value.clone())).collect()
                    }
                    _ => Vec::new(),
                };
                let inner = env.naming_only(names);
                let whole = Span::new(file, 0..text.len());
                // A template that stands in no file as it is has no places of its own.
                let written = self.root.library.cut(whole);
                let is_file = written == &**text;
                self.template(&inner, &parts, if is_file { whole } else { span }, is_file.then_some(written))
            }
            Err(error) => Datum::unknown(
                Why::new(WhyKind::Unsupported, "template", format!("this template is broken: {}", error.message)),
                span,
            ),
        };
        self.leaves();
        rendered
    }
}

/// A file's text; where it is JSON, as what it says, with its places in the file.
fn read(file: FileId, text: &Arc<str>) -> Datum {
    let whole = Span::new(file, 0..text.len());
    let start = Span::new(file, 0..text.lines().next().map_or(0, str::len));
    let content = Text::from(&**text);
    match embedded::document(&content, whole, Some((&**text, 0))) {
        Some(document) if !matches!(document.content, Content::Unknown(_)) => Datum { span: start, ..document },
        _ => Datum::text(content, start),
    }
}

fn plain(text: &str, span: Span) -> Datum {
    Datum::new(Content::Text { text: text.into(), plain: true }, span)
}

fn not_read(what: &str) -> Why {
    let text = format!("`{what}` was not read: it is not below the module, too large, or its path is not written out");
    Why::new(WhyKind::Denied, what, text)
}
