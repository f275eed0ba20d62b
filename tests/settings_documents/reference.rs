//! The table of all settings in the documentation.

use evertoken::settings::setting::{Absent, Kind, Setting, Unit, UrlForm};
use evertoken::settings::table::TABLE;

const BEGINNING: &str = "<!-- Made of src/settings/table.rs; CONTRIBUTING.md says how. -->\n";
const END: &str = "<!-- The end of what is made. -->\n";

/// `page` with the table between its marks written anew.
pub(crate) fn page(page: &str) -> String {
    let (before, rest) = page.split_once(BEGINNING).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let head = "| key | type | default | limits | specification |\n|---|---|---|---|---|\n";
    let rows: String = TABLE.iter().filter(has_row).map(row).collect();
    [before, BEGINNING, head, &rows, END, after].concat()
}

/// The sections go without saying.
fn has_row(setting: &&Setting) -> bool {
    setting.kind != Kind::Object || setting.absent != Absent::Default("{}")
}

fn row(setting: &Setting) -> String {
    let limits = [limits(setting.kind), setting.remark.to_owned()];
    let limits: Vec<String> = limits
        .into_iter()
        .filter(|limit| !limit.is_empty())
        .collect();
    let cells = [
        code(setting.path),
        type_of(setting.kind),
        default(setting),
        limits.join("; "),
        setting.specification.to_owned(),
    ];
    let cells = cells.map(|cell| match cell.as_str() {
        "" => " |".to_owned(),
        cell => format!(" {cell} |"),
    });
    ["|", &cells.concat(), "\n"].concat()
}

fn code(text: &str) -> String {
    ["`", text, "`"].concat()
}

fn type_of(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Url(_) => "URL".to_owned(),
        Kind::WholeNumber { unit, .. } => match unit {
            Unit::Seconds => "seconds".to_owned(),
            Unit::Minutes => "minutes".to_owned(),
            Unit::Status => "status".to_owned(),
        },
        Kind::Boolean => "boolean".to_owned(),
        Kind::Choice(_) => kind.words().map(code).collect::<Vec<_>>().join(", "),
        Kind::List(list) if *list.of == Kind::Object => "list".to_owned(),
        Kind::List(list) => format!("list of: {}", type_of(*list.of)),
        Kind::Map(of) => format!("object of: {}", type_of(*of)),
        Kind::Parameters(_) => "object of: text".to_owned(),
        Kind::Object => "object".to_owned(),
    }
}

fn default(setting: &Setting) -> String {
    match setting.absent {
        Absent::Required => "required".to_owned(),
        Absent::Unset(words) => words.to_owned(),
        Absent::Default(text) => code(text),
        Absent::DefaultLadder => {
            let words = setting.default_value().unwrap_or_default();
            code(&words.to_string().replace("\",\"", "\", \""))
        }
    }
}

fn limits(kind: Kind) -> String {
    match kind {
        Kind::Text => "not empty".to_owned(),
        Kind::Url(UrlForm::Origin) => "https, scheme and host only".to_owned(),
        Kind::Url(_) => "https, no query, no fragment".to_owned(),
        Kind::WholeNumber { least, most, .. } => format!("{least} to {}", grouped(most)),
        Kind::List(list) => {
            let all = [
                limits(*list.of),
                list.if_empty.map_or("", |_| "at least one").to_owned(),
                if list.distinct { "none twice" } else { "" }.to_owned(),
            ];
            let all: Vec<String> = all.into_iter().filter(|limit| !limit.is_empty()).collect();
            all.join(", ")
        }
        Kind::Map(of) => limits(*of),
        Kind::Parameters(_) => "20 at most, each up to 2,000 bytes".to_owned(),
        Kind::Boolean | Kind::Choice(_) | Kind::Object => String::new(),
    }
}

/// With commas between thousands.
fn grouped(number: u32) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1000), number % 1000),
    }
}
