//! The organization: its tree of accounts, its policies and where they are attached, who administers trails for it.

use super::account::Account;
use super::places::{items, text};
use super::refusal::Refusal;
use crate::read::account::CLOUDTRAIL;
use aws_sdk_organizations::types::PolicyType;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// The policies that bind accounts; others cannot touch a trail.
const POLICIES: [PolicyType; 2] = [PolicyType::ServiceControlPolicy, PolicyType::ResourceControlPolicy];

/// States in which an account can be asked; older answers have another name for it.
const ACTIVE: &str = "ACTIVE";

/// An account of the organization.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) name: Option<String>,
    /// The names above it, from the root: `Root/Security`.
    pub(super) path: String,
    /// The ids above it, from the root.
    above: Vec<String>,
    /// Why it cannot be asked: its state.
    pub(super) closed: Option<String>,
}

impl Member {
    /// Whether a name, an id or a path of an organizational unit above it is meant.
    pub(super) fn is_below(&self, unit: &str) -> bool {
        let rest = self.path.strip_prefix(unit.trim_end_matches('/'));
        self.above.iter().any(|id| id == unit) || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether its id or its name is meant.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.id == name || self.name.as_deref() == Some(name)
    }
}

/// An organization, as far as the asker may see it.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) members: Vec<Member>,
    /// Its roots and organizational units.
    pub(super) places: Vec<Place>,
    /// Why parts of it are not seen.
    pub(super) refusals: Vec<Refusal>,
}

/// A root or an organizational unit on the way down.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) path: String,
    above: Vec<String>,
}

impl Place {
    fn below(of: Option<&Place>, found: &Value) -> Option<Place> {
        let (id, name) = (text(found, "Id")?, text(found, "Name").unwrap_or_default());
        let path = of.map_or_else(|| name.to_owned(), |of| format!("{}/{name}", of.path));
        let above = of.map(|of| of.above.clone()).unwrap_or_default();
        Some(Place { id: id.to_owned(), path, above: above.into_iter().chain([id.to_owned()]).collect() })
    }
}

impl Account {
    /// The id of the organization's management account; none where there is no organization, or it may not be seen.
    pub(super) async fn management(&self) -> Result<Option<String>, Refusal> {
        let client = self.organizations(self.leader());
        let answer = self
            .ask(("organizations", "DescribeOrganization"), self.leader(), json!({}), |_| {
                client.describe_organization().send()
            })
            .await;
        match answer {
            Ok(answer) => Ok(answer.get("Organization").and_then(|it| text(it, "MasterAccountId")).map(str::to_owned)),
            Err(refusal) if refusal.code == "AWSOrganizationsNotInUseException" => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Every account, level by level; each part of the tree that may not be seen is left out, and why.
    pub(super) async fn tree(&self) -> Tree {
        let client = self.organizations(self.leader());
        let roots = self
            .ask(("organizations", "ListRoots"), self.leader(), json!({}), |next| {
                client.list_roots().set_next_token(next).send()
            })
            .await;
        let mut tree = Tree::default();
        let mut level: Vec<Place> = match roots {
            Ok(roots) => items(&roots, "Roots").iter().filter_map(|root| Place::below(None, root)).collect(),
            Err(refusal) => {
                tree.refusals.push(refusal);
                return tree;
            }
        };
        while !level.is_empty() {
            let below = join_all(level.iter().map(|place| self.below(place))).await;
            let mut next = Vec::new();
            for (place, (units, accounts)) in level.iter().zip(below) {
                match units {
                    Ok(units) => next.extend(
                        items(&units, "OrganizationalUnits").iter().filter_map(|it| Place::below(Some(place), it)),
                    ),
                    Err(refusal) => tree.refusals.push(refusal),
                }
                match accounts {
                    Ok(accounts) => {
                        tree.members.extend(items(&accounts, "Accounts").iter().filter_map(|it| member(place, it)));
                    }
                    Err(refusal) => tree.refusals.push(refusal),
                }
            }
            tree.places.append(&mut level);
            level = next;
        }
        tree
    }

    /// The organizational units and the accounts right below a place.
    async fn below(&self, place: &Place) -> (Result<Value, Refusal>, Result<Value, Refusal>) {
        let client = &self.organizations(self.leader());
        let (leader, parent) = (self.leader(), &place.id);
        let units = ("organizations", "ListOrganizationalUnitsForParent");
        let units = self.ask(units, leader, json!({"ParentId": parent}), |next| {
            client.list_organizational_units_for_parent().parent_id(parent).set_next_token(next).send()
        });
        let accounts = ("organizations", "ListAccountsForParent");
        let accounts = self.ask(accounts, leader, json!({"ParentId": parent}), |next| {
            client.list_accounts_for_parent().parent_id(parent).set_next_token(next).send()
        });
        tokio::join!(units, accounts)
    }

    /// The policies with their texts and attachments, and the administrators of trails.
    pub(super) async fn organization_policies(&self) {
        let client = &self.organizations(self.leader());
        let leader = self.leader();
        let administrators = ("organizations", "ListDelegatedAdministrators");
        let administrators = self.ask(administrators, leader, json!({"ServicePrincipal": CLOUDTRAIL}), |next| {
            client.list_delegated_administrators().service_principal(CLOUDTRAIL).set_next_token(next).send()
        });
        let policies = join_all(POLICIES.map(|kind| async move {
            let listed = self
                .ask(("organizations", "ListPolicies"), leader, json!({"Filter": kind.as_str()}), |next| {
                    client.list_policies().filter(kind.clone()).set_next_token(next).send()
                })
                .await
                .unwrap_or_default();
            // What AWS attaches everywhere, and nobody can detach, is known.
            let is_fixed = |policy: &&Value| kind == PolicyType::ResourceControlPolicy && policy["AwsManaged"] == true;
            let policies = items(&listed, "Policies").iter().filter(|policy| !is_fixed(policy));
            let ids = policies.filter_map(|policy| text(policy, "Id"));
            join_all(ids.map(|id| self.policy(id))).await;
        }));
        let _ = tokio::join!(administrators, policies);
    }

    async fn policy(&self, id: &str) {
        let client = &self.organizations(self.leader());
        let input = || json!({"PolicyId": id});
        let text = self.ask(("organizations", "DescribePolicy"), self.leader(), input(), |_| {
            client.describe_policy().policy_id(id).send()
        });
        let targets = self.ask(("organizations", "ListTargetsForPolicy"), self.leader(), input(), |next| {
            client.list_targets_for_policy().policy_id(id).set_next_token(next).send()
        });
        let _ = tokio::join!(text, targets);
    }
}

fn member(place: &Place, account: &Value) -> Option<Member> {
    let state = text(account, "State").or_else(|| text(account, "Status")).unwrap_or(ACTIVE);
    Some(Member {
        id: text(account, "Id")?.to_owned(),
        name: text(account, "Name").map(str::to_owned),
        path: place.path.clone(),
        above: place.above.clone(),
        closed: (state != ACTIVE).then(|| state.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::{Place, member};
    use serde_json::json;

    #[test]
    fn an_account_is_below_what_stands_above_it() {
        let root = Place::below(None, &json!({"Id": "r-a1b2", "Name": "Root"})).unwrap();
        let unit = Place::below(Some(&root), &json!({"Id": "ou-a1b2-11111111", "Name": "Security"})).unwrap();
        let account =
            member(&unit, &json!({"Id": "111122223333", "Name": "log-archive", "Status": "SUSPENDED"})).unwrap();
        assert_eq!((account.path.as_str(), account.closed.as_deref()), ("Root/Security", Some("SUSPENDED")));
        for unit in ["r-a1b2", "ou-a1b2-11111111", "Root", "Root/Security", "Root/Security/"] {
            assert!(account.is_below(unit), "{unit}");
        }
        assert!(!account.is_below("Root/Sec") && !account.is_below("ou-a1b2-22222222"));
        assert!(account.is_called("log-archive") && account.is_called("111122223333") && !account.is_called("log"));
        assert_eq!(member(&root, &json!({"Id": "1", "State": "ACTIVE", "Status": "x"})).unwrap().closed, None);
    }
}
