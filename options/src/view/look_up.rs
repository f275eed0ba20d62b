//! What the provider says when its issuer is looked up.

use evertoken::doctor::discovery;
use evertoken::oidc::capabilities::{self, Capabilities};
use evertoken::oidc::provider_metadata::{self, MetadataError};
use evertoken::platform::HttpResponse;
use evertoken::provider::requirements;
use evertoken::settings::draft::SettingsDraft;
use evertoken::settings::{Build, Flow, Settings};
use evertoken_pages::notice::Notice;
use evertoken_pages::text;

use super::brand::Brand;
use super::hosts::host_name;
use super::issuer;

#[cfg(test)]
mod tests;

/// Where the look-up stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookUp {
    /// What came of it.
    pub tone: Tone,
    /// One sentence; empty while there is nothing to say.
    pub sentence: String,
    /// What the provider supports, or lacks.
    pub chips: Vec<Chip>,
    /// What would mend it, or make it better.
    pub fix: Option<Fix>,
    /// The browser kept the answer back: the host that a permission may be asked for.
    pub blocked: Option<String>,
    /// Who it is.
    pub brand: Brand,
}

/// What came of a look-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing yet.
    #[default]
    Plain,
    /// It is asked.
    Busy,
    /// A provider that can be used.
    Good,
    /// Not so.
    Bad,
}

/// A word on what a provider supports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// The word.
    pub text: String,
    /// Whether it is there.
    pub there: bool,
}

/// A change of the settings that a press of a button makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Another issuer.
    Issuer(String),
    /// More origins of endpoints.
    Origins(Vec<String>),
}

impl Fix {
    /// What the button says.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Issuer(issuer) => text::text_with("options_use", &[issuer]),
            Self::Origins(origins) => text::text_with("options_allow", &[&origins.join(", ")]),
        }
    }

    /// Makes the change.
    pub fn apply(&self, draft: &mut SettingsDraft) {
        const ORIGINS: &str = "provider.endpoint_origins";
        match self {
            Self::Issuer(issuer) => draft.set_text("provider.issuer", issuer),
            Self::Origins(origins) => {
                let mut all = draft.list(ORIGINS).unwrap_or_default();
                all.extend(origins.iter().cloned());
                draft.set_list(ORIGINS, &all);
            }
        }
    }
}

/// Before anything was asked: nothing, or what is wrong with what was typed.
#[must_use]
pub fn before(typed: &str) -> LookUp {
    let brand = Brand::of_issuer(typed);
    match issuer::mistake(typed) {
        None => LookUp {
            brand,
            ..LookUp::default()
        },
        Some(mistake) => LookUp {
            tone: Tone::Bad,
            sentence: text::text(mistake.sentence),
            fix: mistake.meant.map(Fix::Issuer),
            brand,
            ..LookUp::default()
        },
    }
}

/// Whether an issuer can be asked as it stands.
#[must_use]
pub fn can_ask(typed: &str) -> bool {
    issuer::mistake(typed).is_none() && host_name(typed).is_some()
}

/// While it is asked.
#[must_use]
pub fn asking(typed: &str) -> LookUp {
    LookUp {
        tone: Tone::Busy,
        sentence: text::text("options_looking_up"),
        brand: Brand::of_issuer(typed),
        ..LookUp::default()
    }
}

/// No answer came. `permitted`: the browser would not have kept it back.
#[must_use]
pub fn unanswered(typed: &str, permitted: bool) -> LookUp {
    let host = host_name(typed).unwrap_or_default();
    let (tone, sentence) = match permitted {
        true => (Tone::Bad, "options_unreachable"),
        false => (Tone::Plain, "options_blocked"),
    };
    LookUp {
        tone,
        sentence: text::text_with(sentence, &[&host]),
        blocked: (!permitted).then_some(host),
        brand: Brand::of_issuer(typed),
        ..LookUp::default()
    }
}

/// The provider answered.
#[must_use]
pub fn answered(status: u16, body: Vec<u8>, draft: &SettingsDraft) -> LookUp {
    let typed = draft.text("provider.issuer");
    let Some(settings) = settings(draft, &typed) else {
        return before(&typed);
    };
    let metadata = capabilities::read(&body);
    let response = HttpResponse::new(status, body);
    let judged = provider_metadata::process_response(&response, &requirements(&settings.provider));
    match (judged, metadata) {
        (Ok(_), Some(metadata)) => found(&metadata, &settings),
        (Err(MetadataError::IssuerMismatch), Some(metadata)) => called_otherwise(&typed, &metadata),
        (Err(error), metadata) => refused(&typed, error, metadata.as_ref()),
        (Ok(_), None) => refused(&typed, MetadataError::Malformed, None),
    }
}

/// The issuer that the provider calls itself, where it stands elsewhere on its host: it is looked up before it is offered.
#[must_use]
pub fn issuer_to_confirm(found: &LookUp, typed: &str) -> Option<String> {
    match &found.fix {
        Some(Fix::Issuer(named)) if !is_same_but_for_slash(named, typed) => Some(named.clone()),
        _ => None,
    }
}

/// What `found` comes to once the issuer `named` was looked up too: only one that is there is offered. `answer`: its status and
/// its body, if one came.
#[must_use]
pub fn confirmed(found: LookUp, named: &str, answer: Option<(u16, Vec<u8>)>) -> LookUp {
    let answer = answer.map(|(status, body)| HttpResponse::new(status, body));
    match answer {
        Some(answer) if discovery::is_issuer(named, &answer) => found,
        Some(answer) if !matches!(answer.status, 429 | 500..) => LookUp {
            sentence: text::text_with("doctor_issuer_unsupported", &[named]),
            fix: None,
            ..found
        },
        _ => LookUp { fix: None, ..found },
    }
}

/// The settings of the draft, or as far as they matter here while others are missing.
fn settings(draft: &SettingsDraft, issuer: &str) -> Option<Settings> {
    let parse = |draft: &SettingsDraft| Settings::parse(&draft.to_json(), Build::Release).ok();
    let least = || {
        let mut least = SettingsDraft::default();
        least.set_text("provider.issuer", issuer);
        least.set_text("provider.client_id", "-");
        for path in [
            "provider.flow",
            "provider.dpop",
            "provider.endpoint_origins",
        ] {
            let mut with = least.clone();
            with.take_over(path, draft);
            if parse(&with).is_some() {
                least = with;
            }
        }
        parse(&least)
    };
    parse(draft).or_else(least)
}

fn found(metadata: &Capabilities, settings: &Settings) -> LookUp {
    let brand = Brand::of_metadata(metadata);
    let host = host_name(&metadata.issuer).unwrap_or_default();
    let sentence = match brand.name() {
        Some(name) => text::text_with("options_found_known", &[name, &host]),
        None => text::text_with("options_found", &[&host]),
    };
    let known = &settings.provider.endpoint_origins;
    let is_new = |origin: &String| !known.iter().any(|one| one.trim_end_matches('/') == origin);
    let others: Vec<String> = metadata
        .other_origins
        .iter()
        .filter(|one| is_new(one))
        .cloned()
        .collect();
    LookUp {
        tone: Tone::Good,
        sentence,
        chips: chips(metadata, settings.provider.flow),
        fix: (!others.is_empty()).then_some(Fix::Origins(others)),
        blocked: None,
        brand,
    }
}

fn chips(metadata: &Capabilities, flow: Flow) -> Vec<Chip> {
    // Without these the code flow is nothing, so their want is told too; the others are there or not spoken of.
    let needed = [
        ("options_chip_code", metadata.code),
        ("options_chip_pkce", metadata.pkce),
        ("options_chip_refresh", metadata.refresh_tokens),
    ];
    let more = [
        ("options_chip_par", metadata.pushed_requests),
        ("options_chip_dpop", metadata.dpop),
        ("options_chip_logout", metadata.logout),
    ];
    let needed = needed
        .into_iter()
        .filter(|(_, there)| *there || flow == Flow::Code);
    let more = more.into_iter().filter(|(_, there)| *there);
    let chip = |(key, there)| Chip {
        text: text::text(key),
        there,
    };
    let mut chips: Vec<Chip> = needed.chain(more).map(chip).collect();
    let algorithms = &metadata.algorithms;
    let first: Vec<&str> = algorithms.iter().take(3).map(String::as_str).collect();
    if !first.is_empty() {
        let more = algorithms.len() - first.len();
        let text = match more {
            0 => first.join(", "),
            more => format!("{} +{more}", first.join(", ")),
        };
        chips.push(Chip { text, there: true });
    }
    chips
}

/// An issuer is compared character by character, so the provider's own word for it is the right one; but only a
/// provider of the same host may say so.
fn called_otherwise(typed: &str, metadata: &Capabilities) -> LookUp {
    let named = &metadata.issuer;
    let slash = is_same_but_for_slash(named, typed);
    let sentence = match slash {
        true if named.ends_with('/') => text::text("options_slash_missing"),
        true => text::text("options_slash_superfluous"),
        false => text::text_with("options_called_otherwise", &[named]),
    };
    let same_host = host_name(named).is_some() && host_name(named) == host_name(typed);
    LookUp {
        tone: Tone::Bad,
        sentence,
        fix: same_host.then(|| Fix::Issuer(named.clone())),
        brand: Brand::of_metadata(metadata),
        ..LookUp::default()
    }
}

fn is_same_but_for_slash(named: &str, typed: &str) -> bool {
    named.trim_end_matches('/') == typed.trim_end_matches('/')
}

fn refused(typed: &str, error: MetadataError, metadata: Option<&Capabilities>) -> LookUp {
    LookUp {
        tone: Tone::Bad,
        sentence: Notice::from(&evertoken::error::Error::from(error).problem()).sentence,
        brand: metadata.map_or_else(|| Brand::of_issuer(typed), Brand::of_metadata),
        ..LookUp::default()
    }
}
