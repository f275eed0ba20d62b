//! Nearly valid input: seeds that are cut, doubled, spliced, and modified with pieces of the grammar.

use std::fmt;
use std::ops::Range;

use base64ct::{Base64UrlUnpadded, Encoding};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// The number of edits of one input: with more edits, parsers reject almost every input at once.
const EDITS: Range<usize> = 0..7;

/// Input. Its `Debug` can be pasted into a byte string.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// The two ends of a piece, in any order.
type Piece = (Index, Index);

#[derive(Clone, Debug)]
enum Edit {
    Duplicate(Piece, Index),
    Insert(Vec<u8>, Index),
    Remove(Piece),
    Set(Index, u8),
    Splice(Vec<u8>, Piece, Index),
    Swap(Index, Index),
    Truncate(Index),
}

/// Where an edit is made: in the input, or in the decoded bytes of one of its base64url segments.
#[derive(Clone, Debug)]
enum Place {
    Input,
    Segment(Index),
}

/// Mutations of `seeds`.
pub(crate) fn of(
    seeds: Vec<Vec<u8>>,
    words: &'static [&'static str],
) -> impl Strategy<Value = Bytes> {
    let edits = vec((place(), edit(seeds.clone(), words)), EDITS);
    (select(seeds), edits).prop_map(|(mut input, edits)| {
        for (place, edit) in edits {
            place.apply(&edit, &mut input);
        }
        Bytes(input)
    })
}

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        2 => Just(Place::Input),
        1 => any::<Index>().prop_map(Place::Segment),
    ]
}

fn edit(seeds: Vec<Vec<u8>>, words: &'static [&'static str]) -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    let piece = any::<Piece>;
    // A character with a meaning in the grammars, or any byte.
    let byte = prop_oneof![select(br#"{}[]",:=&?#%.\- 019AaZ"#.to_vec()), any::<u8>()];
    let word = select(words).prop_map(|word: &str| word.as_bytes().to_vec());
    prop_oneof![
        1 => (piece(), index()).prop_map(|(piece, to)| Edit::Duplicate(piece, to)),
        3 => (word, index()).prop_map(|(word, to)| Edit::Insert(word, to)),
        1 => piece().prop_map(Edit::Remove),
        2 => (index(), byte).prop_map(|(at, byte)| Edit::Set(at, byte)),
        1 => (select(seeds), piece(), index()).prop_map(|(from, piece, to)| Edit::Splice(from, piece, to)),
        1 => (index(), index()).prop_map(|(one, other)| Edit::Swap(one, other)),
        1 => index().prop_map(Edit::Truncate),
    ]
}

impl Place {
    fn apply(&self, edit: &Edit, input: &mut Vec<u8>) {
        if let Self::Segment(index) = self
            && let Some((range, mut said)) = segment(input, *index)
        {
            edit.apply(&mut said);
            input.splice(range, Base64UrlUnpadded::encode_string(&said).into_bytes());
        } else {
            edit.apply(input);
        }
    }
}

/// One of the parts between full stops, and its decoded bytes, if it is base64url.
fn segment(input: &[u8], index: Index) -> Option<(Range<usize>, Vec<u8>)> {
    let segments: Vec<&[u8]> = input.split(|byte| *byte == b'.').collect();
    let number = index.index(segments.len());
    let before: usize = segments[..number].iter().map(|other| other.len() + 1).sum();
    let segment = str::from_utf8(segments[number]).ok()?;
    let said = Base64UrlUnpadded::decode_vec(segment).ok()?;
    Some((before..before + segment.len(), said))
}

impl Edit {
    fn apply(&self, input: &mut Vec<u8>) {
        match self {
            Self::Duplicate(piece, to) => {
                let piece = input[range(*piece, input)].to_vec();
                insert(input, &piece, *to);
            }
            Self::Insert(word, to) => insert(input, word, *to),
            Self::Remove(piece) => drop(input.drain(range(*piece, input))),
            Self::Set(at, byte) => {
                if let Some(set) = at_byte(input, *at) {
                    input[set] = *byte;
                }
            }
            Self::Splice(from, piece, to) => insert(input, &from[range(*piece, from)], *to),
            Self::Swap(one, other) => {
                if let (Some(one), Some(other)) = (at_byte(input, *one), at_byte(input, *other)) {
                    input.swap(one, other);
                }
            }
            Self::Truncate(at) => input.truncate(at.index(input.len() + 1)),
        }
    }
}

fn insert(input: &mut Vec<u8>, piece: &[u8], to: Index) {
    let to = to.index(input.len() + 1);
    input.splice(to..to, piece.iter().copied());
}

fn range((one, other): Piece, of: &[u8]) -> Range<usize> {
    let ends = [one, other].map(|end| end.index(of.len() + 1));
    ends[0].min(ends[1])..ends[0].max(ends[1])
}

fn at_byte(input: &[u8], index: Index) -> Option<usize> {
    (!input.is_empty()).then(|| index.index(input.len()))
}
