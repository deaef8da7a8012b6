//! [`Workshop`]: the engine of each group, made when its first file comes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use obscura_audit::RuleSet;
use obscura_core::{Group, Pseudonyms, Timestamp};
use obscura_deid::policy::Policy;
use obscura_deid::tables::EDITION;
use obscura_storage::{Clock, SecretError, SecretStore};

use crate::{Deidentifier, Options, Pixels};

/// How long a group's secret is used without asking for it again: so long may it take until a
/// destroyed key stops the work.
const FRESH: Duration = Duration::from_mins(5);

/// One way of working: a policy and what is chosen besides.
#[derive(Debug, Clone)]
pub struct Way {
    policy: Policy,
    options: Options,
    rules: RuleSet,
    /// Tells one way from another: results of one way are the same bytes.
    name: String,
}

impl Way {
    /// A way of working; `version` is that of the program, `processor` what it is built for: on another
    /// one pictures are rounded otherwise, which is another way.
    pub fn new(policy: Policy, options: Options, version: &str, processor: &str) -> Self {
        let pixels = match &options.pixels {
            Pixels::Off => "off",
            Pixels::Rules(_) => "rules",
            Pixels::Text(..) => "text",
            Pixels::Strict(..) => "strict",
        };
        let rules = RuleSet {
            policy: policy.name().to_owned(),
            digest: policy.digest(),
            edition: EDITION.to_owned(),
            pixels: pixels.to_owned(),
            version: version.to_owned(),
        };
        let name = format!(
            "{version}\n{processor}\n{}\n{pixels}\n{}\n{:?}",
            rules.digest, options.frames, options.quality
        );
        Self {
            policy,
            options,
            rules,
            name,
        }
    }

    /// The rules, for the record.
    pub const fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What tells this way from another.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// The engine of one group.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) engine: Deidentifier,
    pub(crate) pseudonyms: Pseudonyms,
    since: Timestamp,
}

/// The engines of the groups, all working in one way.
#[derive(Debug)]
pub struct Workshop {
    way: Way,
    benches: Mutex<HashMap<Group, Arc<Bench>>>,
}

impl Workshop {
    /// A workshop without engines yet.
    pub fn new(way: Way) -> Self {
        Self {
            way,
            benches: Mutex::default(),
        }
    }

    /// How it works.
    pub const fn way(&self) -> &Way {
        &self.way
    }

    /// The engine of a group.
    pub(crate) fn bench(
        &self,
        group: &Group,
        secrets: &dyn SecretStore,
        clock: &dyn Clock,
    ) -> Result<Arc<Bench>, SecretError> {
        let now = clock.now();
        let mut benches = self.benches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bench) = benches.get(group) {
            if now.since(bench.since) < FRESH {
                return Ok(Arc::clone(bench));
            }
            benches.remove(group);
        }
        let secret = secrets.secret(group)?;
        let bench = Arc::new(Bench {
            engine: Deidentifier::new(self.way.policy.clone(), &secret, self.way.options.clone()),
            pseudonyms: Pseudonyms::new(&secret),
            since: now,
        });
        benches.insert(group.clone(), Arc::clone(&bench));
        Ok(bench)
    }
}
