//! JSON Schemas of the settings.

use std::collections::BTreeMap;

use evertoken::renewal_method::RenewalMethodId;
use evertoken::settings::setting::{Absent, Kind, List, Setting};
use evertoken::settings::table::{TABLE, members};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Where the schema for editors is published.
const ID: &str =
    "https://raw.githubusercontent.com/evertoken/evertoken/main/docs/settings.schema.json";

/// `http` serves loopback alone, in a development build.
const URL_PATTERN: &str = r"^(https://|http://(localhost|127\.|\[::1\]))";

/// A JSON Schema, as far as the settings need one.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    dialect: Option<&'static str>,
    #[serde(rename = "$id", skip_serializing_if = "Option::is_none")]
    id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type")]
    types: Types,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    words: Option<Vec<Option<&'static str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_properties: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    examples: Option<[Value; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unique_items: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<Additional>,
}

/// The type of a value, or that and `null`.
#[derive(Serialize)]
#[serde(untagged)]
enum Types {
    One(&'static str),
    OrNull([&'static str; 2]),
}

impl Default for Types {
    fn default() -> Self {
        Self::One("object")
    }
}

/// What the values of further keys may be.
#[derive(Serialize)]
#[serde(untagged)]
enum Additional {
    Allowed(bool),
    Of(Box<Schema>),
}

/// Members by their names, in the order of the table.
#[derive(Default)]
struct Properties(Vec<(&'static str, Schema)>);

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, schema) in &self.0 {
            map.serialize_entry(name, schema)?;
        }
        map.end()
    }
}

/// Whom a schema is for.
struct Writer {
    /// The texts of the descriptions; none for a policy, whose schema has types and words alone.
    texts: Option<BTreeMap<String, Value>>,
}

/// `managed_schema.json`: Chrome knows a part of draft 3, and drops values of other types.
pub(crate) fn managed() -> String {
    let writer = Writer { texts: None };
    print(&Schema {
        dialect: Some("http://json-schema.org/draft-03/schema#"),
        ..writer.object("")
    })
}

/// `docs/settings.schema.json`, draft 2020-12.
pub(crate) fn editor() -> String {
    let english = include_str!("../../_locales/en/messages.json");
    let writer = Writer {
        texts: Some(serde_json::from_str(english).unwrap()),
    };
    let mut root = writer.object("");
    let reference = Schema {
        description: Some("The schema that editors complete these settings by.".to_owned()),
        types: Types::One("string"),
        ..Schema::default()
    };
    let properties = &mut root.properties.get_or_insert_default().0;
    properties.insert(0, ("$schema", reference));
    print(&Schema {
        dialect: Some("https://json-schema.org/draft/2020-12/schema"),
        id: Some(ID),
        title: Some("Settings of Evertoken".to_owned()),
        ..root
    })
}

fn print(schema: &Schema) -> String {
    serde_json::to_string_pretty(schema).unwrap() + "\n"
}

impl Writer {
    fn is_for_editors(&self) -> bool {
        self.texts.is_some()
    }

    fn object(&self, path: &str) -> Schema {
        let is_shown = |setting: &&Setting| self.is_for_editors() || !setting.development_only;
        let property = |setting: &'static Setting| (setting.name(), self.setting(setting));
        let required = members(TABLE, path).filter(|setting| is_required(setting));
        let required: Vec<&str> = required.map(Setting::name).collect();
        Schema {
            properties: Some(Properties(
                members(TABLE, path)
                    .filter(is_shown)
                    .map(property)
                    .collect(),
            )),
            required: (self.is_for_editors() && !required.is_empty()).then_some(required),
            additional_properties: self.is_for_editors().then_some(Additional::Allowed(false)),
            ..Schema::default()
        }
    }

    fn setting(&self, setting: &Setting) -> Schema {
        let mut schema = self.kind(setting.kind, setting.path);
        let Some(texts) = &self.texts else {
            return schema;
        };
        let text = |key: &str| texts[key]["message"].as_str().unwrap();
        let mut description = text(setting.hint).to_owned();
        for (begin, more) in [
            (" Note: ", setting.remark),
            (" See ", setting.specification),
        ] {
            if !more.is_empty() && !more.starts_with("none") {
                description += &[begin, more, "."].concat();
            }
        }
        schema.title = Some(text(setting.label).to_owned());
        schema.description = Some(description);
        schema.default = setting.default_value().filter(|_| !is_required(setting));
        schema.examples = setting.example_value().map(|example| [example]);
        if let (false, Types::One(of)) = (is_required(setting), &schema.types) {
            schema.types = Types::OrNull([of, "null"]);
            schema.words.iter_mut().for_each(|words| words.push(None));
        }
        schema
    }

    fn kind(&self, kind: Kind, path: &str) -> Schema {
        match kind {
            Kind::Object => self.object(path),
            Kind::List(list) => self.list(list, path),
            Kind::Map(of) => {
                let of = self.kind(*of, &[path, ".*"].concat());
                Schema {
                    additional_properties: Some(Additional::Of(Box::new(of))),
                    ..Schema::default()
                }
            }
            Kind::Parameters(_) => {
                let value = Schema {
                    max_length: self.is_for_editors().then_some(2000),
                    ..self.kind(Kind::Text, path)
                };
                Schema {
                    max_properties: self.is_for_editors().then_some(20),
                    additional_properties: Some(Additional::Of(Box::new(value))),
                    ..Schema::default()
                }
            }
            Kind::Text => Schema {
                pattern: self.is_for_editors().then_some(r"\S"),
                ..of_type("string")
            },
            Kind::Boolean => of_type("boolean"),
            Kind::Choice(_) => Schema {
                words: Some(self.words(kind)),
                ..of_type("string")
            },
            Kind::Url(_) if self.is_for_editors() => Schema {
                format: Some("uri"),
                pattern: Some(URL_PATTERN),
                ..of_type("string")
            },
            Kind::Url(_) => of_type("string"),
            Kind::WholeNumber { least, most, .. } => Schema {
                minimum: self.is_for_editors().then_some(least),
                maximum: self.is_for_editors().then_some(most),
                ..of_type("integer")
            },
        }
    }

    /// The words of a choice; for a policy without those that only a development build takes.
    fn words(&self, choice: Kind) -> Vec<Option<&'static str>> {
        let is_for_development = |word: &&str| {
            let method = RenewalMethodId::from_name(word);
            method.is_some_and(RenewalMethodId::is_for_development)
        };
        let words = choice.words();
        let words = words.filter(|word| self.is_for_editors() || !is_for_development(word));
        words.map(Some).collect()
    }

    fn list(&self, list: List, path: &str) -> Schema {
        let entries = self.kind(*list.of, &[path, "[]"].concat());
        Schema {
            min_items: (self.is_for_editors() && list.if_empty.is_some()).then_some(1),
            unique_items: (self.is_for_editors() && list.distinct).then_some(true),
            items: Some(Box::new(entries)),
            ..of_type("array")
        }
    }
}

fn of_type(name: &'static str) -> Schema {
    Schema {
        types: Types::One(name),
        ..Schema::default()
    }
}

/// Whether it must stand in the settings: itself, or something below it.
fn is_required(setting: &Setting) -> bool {
    setting.absent == Absent::Required
        || setting.absent == Absent::Default("{}")
            && setting.kind == Kind::Object
            && members(TABLE, setting.path).any(is_required)
}
