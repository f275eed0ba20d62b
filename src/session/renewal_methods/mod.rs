//! The renewal methods, a file each. The registry is `renewal_methods!` of [`crate::renewal_method`]; each of its lines is a
//! module here.

use super::method::RenewalMethod;
use crate::renewal_method::{RenewalMethodId, renewal_methods};

macro_rules! declare {
    ($($method:ident = $name:ident $(for $development:ident)?,)*) => {
        $(mod $name;)*

        /// The method that `id` names.
        pub(super) fn method(id: RenewalMethodId) -> &'static dyn RenewalMethod {
            match id {
                $(RenewalMethodId::$method => &$name::$method,)*
            }
        }
    };
}

renewal_methods!(declare);
