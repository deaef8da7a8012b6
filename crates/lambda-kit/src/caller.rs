//! [`Caller`]: who sends a request, by the token that the authoriser has checked.

use std::collections::HashMap;

use obscura_audit::Actor;
use obscura_core::Group;
use thiserror::Error;

/// The group of the user pool whose members may erase.
const ADMIN: &str = "obscura-admin";
/// What begins the name of a group of the user pool that is a tenant.
const TENANT: &str = "group-";

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The person, by the opaque id of the user pool.
    pub actor: Actor,
    /// The tenant.
    pub group: Group,
    /// Whether the person administers.
    pub role: Role,
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Upload, and see what became of it.
    Uploader,
    /// Erase, too.
    Admin,
}

/// Why a caller is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CallerError {
    /// No opaque id.
    #[error("the token names nobody")]
    Nobody,
    /// Not exactly one tenant.
    #[error("the caller belongs to no group, or to several")]
    NotOneGroup,
}

impl Caller {
    /// The caller of checked claims. A list comes as text: `[a b]`, or with commas.
    ///
    /// # Errors
    /// If the claims name no person, or not exactly one tenant.
    pub fn of(claims: &HashMap<String, String>) -> Result<Self, CallerError> {
        let actor = claims.get("sub").and_then(|sub| Actor::user(sub).ok());
        let listed = claims.get("cognito:groups").map_or("", String::as_str);
        let listed = listed.trim_start_matches('[').trim_end_matches(']');
        let split = |c: char| c.is_whitespace() || c == ',';
        let groups = || listed.split(split).map(|name| name.trim_matches('"'));
        let mut tenants = groups().filter_map(|name| name.strip_prefix(TENANT));
        let (Some(tenant), None) = (tenants.next(), tenants.next()) else {
            return Err(CallerError::NotOneGroup);
        };
        Ok(Self {
            actor: actor.ok_or(CallerError::Nobody)?,
            group: tenant.parse().map_err(|_| CallerError::NotOneGroup)?,
            role: if groups().any(|name| name == ADMIN) {
                Role::Admin
            } else {
                Role::Uploader
            },
        })
    }

    /// Whether the caller may erase.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(groups: &str) -> Result<Caller, CallerError> {
        let claim = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Caller::of(&HashMap::from([
            claim("sub", "0b7c6f3e-9a51-4f6e-8d58-0c1e2a3b4c5d"),
            claim("email", "jane@example.org"),
            claim("cognito:groups", groups),
        ]))
    }

    #[test]
    fn a_caller_belongs_to_exactly_one_tenant() {
        for groups in [
            "[group-radiology]",
            "group-radiology",
            "[x group-radiology y]",
        ] {
            let caller = caller(groups).unwrap();
            assert_eq!(caller.group.as_str(), "radiology");
            assert!(!caller.is_admin());
        }
        assert!(
            caller("[group-radiology obscura-admin]")
                .unwrap()
                .is_admin()
        );
        assert!(
            caller(r#"["group-radiology","obscura-admin"]"#)
                .unwrap()
                .is_admin()
        );
        for groups in [
            "",
            "[]",
            "[group-a group-b]",
            "[group-]",
            "[group-A]",
            "radiology",
        ] {
            assert_eq!(caller(groups), Err(CallerError::NotOneGroup), "{groups}");
        }
        let nobody = HashMap::from([("cognito:groups".to_owned(), "group-a".to_owned())]);
        assert_eq!(Caller::of(&nobody), Err(CallerError::Nobody));
    }
}
