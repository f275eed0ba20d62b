//! The files of a web app that is served beside the API.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

/// Serves the files directly in `folder`, not those in subfolders, under `/app/`.
pub(super) fn serve<S: Clone + Send + Sync + 'static>(folder: PathBuf) -> Router<S> {
    let folder = Arc::new(folder);
    let file = async move |Path(name): Path<String>| file(&folder, &name).await;
    Router::new().route("/app/{name}", get(file))
}

async fn file(folder: &std::path::Path, name: &str) -> Response {
    let content_type = match name.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    match tokio::fs::read(folder.join(name)).await {
        Ok(contents) => ([(CONTENT_TYPE, content_type)], contents).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
