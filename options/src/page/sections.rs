//! More settings, folded: provider, renewal, APIs, session.

use evertoken_pages::text::text;
use leptos::prelude::*;

use super::field::field;
use super::state::State;
use super::{apis, ladder};
use crate::view::fields::{Field, PROVIDER, SESSION};

/// All sections.
pub(super) fn sections(state: State) -> impl IntoView {
    let fields = |fields: &[Field]| {
        let fields = fields.iter();
        let fields = fields.map(|spec| field(state, *spec, spec.path.to_owned()));
        fields.collect_view().into_any()
    };
    view! {
        <section class="card more" aria-labelledby="more">
            <h2 id="more">{text("options_more")}</h2>
            {section("options_section_provider", "options_section_provider_about", fields(&PROVIDER))}
            {section("options_section_renewal", "options_section_renewal_about", ladder::ladder(state))}
            {section("options_section_apis", "options_section_apis_about", apis::apis(state))}
            {section("options_section_session", "options_section_session_about", fields(&SESSION))}
        </section>
    }
}

fn section(name: &'static str, about: &'static str, content: AnyView) -> AnyView {
    view! {
        <details>
            <summary>
                <span class="name">{text(name)}</span>
                <span class="quiet">{text(about)}</span>
            </summary>
            <div class="fields">{content}</div>
        </details>
    }
    .into_any()
}
