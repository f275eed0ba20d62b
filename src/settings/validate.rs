//! Validation of settings against the table: every fault at its place, and the settings in full where there is none.

use serde_json::{Map, Value};
use url::Url;

use super::build::Build;
use super::error::SettingsError;
use super::reason::Reason;
use super::setting::{Absent, Kind, List, Setting, Unit, UrlForm};
use super::table::members;

/// The path of the whole document.
pub(super) const ROOT: &str = "settings";

/// A key of the root that editors read (JSON Schema) and Evertoken does not.
const SCHEMA_KEY: &str = "$schema";

/// The most faults that are named: nobody reads more.
const MAX_FAULTS: usize = 200;

/// The most request parameters that can be added.
const MAX_PARAMETERS: usize = 20;

/// The longest name and the longest value of one: servers refuse addresses that are much longer.
const MAX_PARAMETER_BYTES: usize = 2000;

/// What [`validate`] finds.
#[derive(Debug)]
pub(super) struct Validated {
    /// The settings without `null`, with all defaults, and with URLs and numbers in their normal form. Whole only where
    /// there is no fault.
    pub(super) normal: Value,
    /// All faults, 200 at most: in the order of the table, then unknown keys by their names.
    pub(super) faults: Vec<SettingsError>,
}

/// Validates the settings of one session. `prefix` begins the paths of its faults: empty for the whole document, and
/// for an entry of a list of sessions its path.
pub(super) fn validate(
    session: &Value,
    table: &[Setting],
    prefix: &str,
    build: Build,
) -> Validated {
    let mut validator = Validator {
        table,
        build,
        faults: Vec::new(),
    };
    let root = Place {
        path: prefix.to_owned(),
        pattern: String::new(),
    };
    let normal = validator.object(session, &root);
    let mut faults = validator.faults;
    faults.truncate(MAX_FAULTS);
    Validated {
        normal: normal.unwrap_or_default(),
        faults,
    }
}

/// Where a value stands.
struct Place {
    /// The path that a refusal names: `apis[0].url`.
    path: String,
    /// The path in the table: `apis[].url`.
    pattern: String,
}

impl Place {
    fn member(&self, name: &str) -> Self {
        Self {
            path: member_path(&self.path, name),
            pattern: member_path(&self.pattern, name),
        }
    }

    fn entry(&self, index: usize) -> Self {
        Self {
            path: format!("{}[{index}]", self.path),
            pattern: [&self.pattern, "[]"].concat(),
        }
    }

    fn value_of(&self, key: &str) -> Self {
        Self {
            path: member_path(&self.path, key),
            pattern: member_path(&self.pattern, "*"),
        }
    }
}

/// The path of the member `name` of the object at `path`.
pub(super) fn member_path(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => [path, ".", name].concat(),
    }
}

struct Validator<'a> {
    table: &'a [Setting],
    build: Build,
    faults: Vec<SettingsError>,
}

/// The normal form of a value; none where it has a fault.
type Normal = Option<Value>;

impl Validator<'_> {
    fn refuse(&mut self, place: &Place, reason: Reason) -> Normal {
        let path = match place.path.as_str() {
            "" if place.pattern.is_empty() => ROOT,
            path => path,
        };
        self.faults.push(SettingsError::new(path, reason));
        None
    }

    fn object(&mut self, value: &Value, place: &Place) -> Normal {
        let Some(object) = value.as_object() else {
            return self.refuse(place, Reason::NotAnObject);
        };
        let mut normal = Map::new();
        for setting in members(self.table, &place.pattern) {
            let value = self.member(setting, object, &place.member(setting.name()));
            normal.extend(value.map(|value| (setting.name().to_owned(), value)));
        }
        let is_root = place.pattern.is_empty();
        for name in sorted_keys(object) {
            let is_known = members(self.table, &place.pattern).any(|known| known.name() == name);
            let is_ignored = is_root && name == SCHEMA_KEY;
            if !is_known && !is_ignored {
                let path = member_path(&place.path, name);
                self.faults.push(SettingsError::new(&path, Reason::Unknown));
            }
        }
        Some(Value::Object(normal))
    }

    fn member(&mut self, setting: &Setting, object: &Map<String, Value>, place: &Place) -> Normal {
        let present = object.get(setting.name()).filter(|value| !value.is_null());
        let Some(value) = present else {
            if setting.absent == Absent::Required {
                return self.refuse(place, Reason::Missing);
            }
            // A default is validated too: an object without members may lack what is required.
            let default = setting.default_value()?;
            return self.value(setting.kind, &default, place);
        };
        if setting.development_only && self.build != Build::Development {
            return self.refuse(place, Reason::DevelopmentOnly);
        }
        let normal = self.value(setting.kind, value, place)?;
        match setting
            .rule
            .map_or(Ok(()), |rule| rule(value, object, self.build))
        {
            Ok(()) => Some(normal),
            Err(reason) => self.refuse(place, reason),
        }
    }

    fn value(&mut self, kind: Kind, value: &Value, place: &Place) -> Normal {
        let normal = match kind {
            Kind::Object => return self.object(value, place),
            Kind::List(list) => return self.list(list, value, place),
            Kind::Map(of) => return self.map(*of, value, place),
            Kind::Parameters(reserved) => return self.parameters(reserved, value, place),
            Kind::Text => text(value).map(Value::from),
            Kind::Url(form) => text(value).and_then(|text| url(text, form, self.build)),
            Kind::WholeNumber { least, most, unit } => {
                let number = whole_number(value).filter(|number| (least..=most).contains(number));
                number.map(Value::from).ok_or(match unit {
                    Unit::Seconds => Reason::NotSeconds { least, most },
                    Unit::Minutes => Reason::NotMinutes { least, most },
                    Unit::Status => Reason::NotAStatus { least, most },
                })
            }
            Kind::Boolean => value.as_bool().map(Value::from).ok_or(Reason::NotABoolean),
            Kind::Choice(_) => {
                let known = kind.words().find(|word| value == word);
                known.map(Value::from).ok_or_else(|| {
                    let words: Vec<&str> = kind.words().collect();
                    Reason::NotAChoice(words.join(", "))
                })
            }
        };
        normal.map_or_else(|reason| self.refuse(place, reason), Some)
    }

    fn list(&mut self, list: List, value: &Value, place: &Place) -> Normal {
        let Some(entries) = value.as_array() else {
            return self.refuse(place, Reason::NotAList);
        };
        if let (true, Some(reason)) = (entries.is_empty(), list.if_empty) {
            return self.refuse(place, reason.clone());
        }
        let mut normal: Vec<Value> = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let place = place.entry(index);
            let entry = self.value(*list.of, entry, &place);
            if list.distinct && entry.as_ref().is_some_and(|entry| normal.contains(entry)) {
                self.refuse(&place, Reason::Twice);
            }
            normal.extend(entry);
        }
        Some(Value::Array(normal))
    }

    fn map(&mut self, of: Kind, value: &Value, place: &Place) -> Normal {
        let Some(object) = value.as_object() else {
            let is_pairs = of == Kind::Text;
            let reason = if is_pairs {
                Reason::NotPairs
            } else {
                Reason::NotAnObject
            };
            return self.refuse(place, reason);
        };
        let mut normal = Map::new();
        for key in sorted_keys(object) {
            let value = object.get(key).filter(|value| !value.is_null());
            let value = value.and_then(|value| self.value(of, value, &place.value_of(key)));
            normal.extend(value.map(|value| (key.to_owned(), value)));
        }
        Some(Value::Object(normal))
    }

    fn parameters(&mut self, reserved: &[&[&str]], value: &Value, place: &Place) -> Normal {
        let Some(object) = value.as_object() else {
            return self.refuse(place, Reason::NotPairs);
        };
        if object.len() > MAX_PARAMETERS {
            return self.refuse(place, Reason::TooMany(MAX_PARAMETERS));
        }
        for name in sorted_keys(object) {
            if let Some(reason) = refusal_of_parameter(name, &object[name], reserved) {
                self.refuse(&place.value_of(name), reason);
            }
        }
        self.map(Kind::Text, value, place)
    }
}

/// Why a text cannot be the value of the parameter `name`; `None` for what is no text.
fn refusal_of_parameter(name: &str, value: &Value, reserved: &[&[&str]]) -> Option<Reason> {
    let value = value.as_str()?;
    let is_name_char = |c: u8| c.is_ascii_alphanumeric() || b"-._".contains(&c);
    if name.is_empty() || !name.bytes().all(is_name_char) {
        return Some(Reason::NotAParameterName);
    }
    if name.len().max(value.len()) > MAX_PARAMETER_BYTES {
        return Some(Reason::TooLong(MAX_PARAMETER_BYTES));
    }
    let is_it = |reserved: &&str| match reserved.split_once('=') {
        Some((known, word)) => {
            known.eq_ignore_ascii_case(name) && value.split(' ').any(|part| part == word)
        }
        None => reserved.eq_ignore_ascii_case(name),
    };
    let is_reserved = reserved.iter().copied().flatten().any(is_it);
    is_reserved.then_some(Reason::Reserved)
}

/// The keys in their order, whatever order the map keeps them in.
pub(super) fn sorted_keys(object: &Map<String, Value>) -> Vec<&str> {
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn text(value: &Value) -> Result<&str, Reason> {
    match value.as_str() {
        None => Err(Reason::NotAText),
        Some(text) if text.trim().is_empty() => Err(Reason::Empty),
        Some(text) => Ok(text),
    }
}

/// A number without a fraction, `60.0` too.
pub(super) fn whole_number(value: &Value) -> Option<u32> {
    let number = value.as_f64()?;
    let is_whole = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked"
    )]
    is_whole.then_some(number as u32)
}

/// An absolute URL that may be given a token: https, or http on loopback in a development build.
fn url(text: &str, form: UrlForm, build: Build) -> Result<Value, Reason> {
    let url = Url::parse(text).map_err(|_| Reason::NotAUrl)?;
    let is_safe = match url.scheme() {
        "https" => true,
        "http" => build == Build::Development && is_loopback(&url),
        _ => false,
    };
    let has_wildcard = text.contains('*');
    let has_more = url.query().is_some() || url.fragment().is_some();
    if !is_safe {
        Err(Reason::NotHttps)
    } else if has_wildcard {
        Err(Reason::Wildcard)
    } else if !url.username().is_empty() || url.password().is_some() {
        Err(Reason::Credentials)
    } else if form == UrlForm::Origin && (has_more || url.path() != "/") {
        Err(Reason::NotAnOrigin)
    } else if has_more {
        Err(Reason::QueryOrFragment)
    } else if form == UrlForm::Identifier {
        Ok(text.into())
    } else {
        Ok(url.as_str().into())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests;
