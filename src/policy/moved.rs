//! Addresses that Terraform moved: `moved` blocks say what something was called before.

use super::outline::is_hcl;
use crate::report::Report;
use crate::source::FileId;
use crate::syntax::hcl;

/// Most moves that are followed.
const MAX_MOVES: usize = 1_000;

/// Each address as it is now, and as it was.
pub(super) fn moves(report: &Report) -> Vec<(String, String)> {
    let mut moves = Vec::new();
    for id in &report.code {
        let Some(file) = report.sources.get(*id) else { continue };
        if !is_hcl(&file.name) || memchr::memmem::find(file.text.as_bytes(), b"moved").is_none() {
            continue;
        }
        let (body, _) = hcl::parse(FileId(0), &file.text);
        let text = |expr: &hcl::Expr| file.cut(expr.span).split_whitespace().collect::<String>();
        for block in body.blocks("moved") {
            if let (Some(from), Some(to)) = (block.body.get("from"), block.body.get("to"))
                && moves.len() < MAX_MOVES
            {
                moves.push((text(to), text(from)));
            }
        }
    }
    moves
}
