//! Records: one declaration that is the type, its validation and its schema.

use super::{
    error::{SchemaError, SchemaErrorKind},
    field::Field,
};
use crate::json::{Object, Value};

/// A JSON object of declared members and no others.
pub(crate) trait Record: Sized {
    /// What the record is for.
    const DESCRIPTION: &'static str;
    /// Its members, in the order of the declaration.
    const MEMBERS: &'static [MemberSchema];

    /// Takes the members; leaves those that are not declared for [`Members::finish`].
    fn take(members: &mut Members<'_>) -> Result<Self, SchemaError>;

    /// Adds the members to an object.
    fn put(&self, object: &mut Object);

    /// Reads an object that has these members and no others.
    fn from_value(value: &Value) -> Result<Self, SchemaError> {
        let mut members = Members::of(value)?;
        let record = Self::take(&mut members)?;
        members.finish(&[Self::MEMBERS])?;
        Ok(record)
    }

    /// The object with these members and no others.
    fn to_value(&self) -> Value {
        let mut object = Object::new();
        self.put(&mut object);
        Value::Object(object)
    }
}

/// What the schema says about a member.
pub(crate) struct MemberSchema {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: fn() -> Object,
}

/// A member of a record: a field, or a field that may be missing.
pub(crate) trait Member: Sized {
    const REQUIRED: bool;
    fn take(members: &mut Members<'_>, name: &str) -> Result<Self, SchemaError>;
    fn put(&self, name: &str, object: &mut Object);
    fn schema() -> Object;
}

impl<T: Field> Member for T {
    const REQUIRED: bool = true;

    fn take(members: &mut Members<'_>, name: &str) -> Result<Self, SchemaError> {
        let value = members
            .take(name)
            .ok_or_else(|| SchemaErrorKind::Missing.at(name))?;
        T::read(value).map_err(|error| error.within(name))
    }

    fn put(&self, name: &str, object: &mut Object) {
        object.insert(name, self.to_value());
    }

    fn schema() -> Object {
        <T as Field>::schema()
    }
}

impl<T: Field> Member for Option<T> {
    const REQUIRED: bool = false;

    fn take(members: &mut Members<'_>, name: &str) -> Result<Self, SchemaError> {
        let value = members.take(name).map(T::read).transpose();
        value.map_err(|error| error.within(name))
    }

    fn put(&self, name: &str, object: &mut Object) {
        if let Some(field) = self {
            object.insert(name, field.to_value());
        }
    }

    fn schema() -> Object {
        <T as Field>::schema()
    }
}

/// The members of an object, each to be taken once.
pub(crate) struct Members<'value> {
    object: &'value Object,
    taken: usize,
}

impl<'value> Members<'value> {
    /// The members of a value that must be an object.
    pub(super) fn of(value: &'value Value) -> Result<Self, SchemaError> {
        let found = value.type_name();
        let object = value.as_object();
        let object = object.ok_or(SchemaErrorKind::WrongType {
            expected: "object",
            found,
        })?;
        Ok(Self { object, taken: 0 })
    }

    /// The value of a member, if it is there.
    pub(super) fn take(&mut self, name: &str) -> Option<&'value Value> {
        let value = self.object.get(name);
        self.taken += usize::from(value.is_some());
        value
    }

    /// Refuses the first member that no declaration names.
    pub(super) fn finish(self, declared: &[&[MemberSchema]]) -> Result<(), SchemaError> {
        if self.taken == self.object.len() {
            return Ok(());
        }
        let is_declared = |name: &str| {
            declared
                .iter()
                .copied()
                .flatten()
                .any(|member| member.name == name)
        };
        match self.object.iter().find(|(name, _)| !is_declared(name)) {
            Some((name, _)) => Err(SchemaErrorKind::Unknown.at(name)),
            None => Ok(()),
        }
    }
}

/// Declares a record. A member is named as its field, or by the literal after `as`; the
/// documentation is the description of the schema.
macro_rules! record {
    (
        $(#[doc = $record_doc:literal])+
        $visibility:vis struct $record:ident {
            $($(#[doc = $doc:literal])+ $field:ident $(as $name:literal)?: $type:ty,)+
        }
    ) => {
        $(#[doc = $record_doc])+
        #[derive(Debug, Clone, PartialEq)]
        $visibility struct $record {
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        impl $crate::envelope::record::Record for $record {
            const DESCRIPTION: &'static str = concat!($($record_doc),+);
            const MEMBERS: &'static [$crate::envelope::record::MemberSchema] = &[
                $($crate::envelope::record::MemberSchema {
                    name: $crate::envelope::record::member_name!($field $($name)?),
                    description: concat!($($doc),+),
                    required: <$type as $crate::envelope::record::Member>::REQUIRED,
                    schema: <$type as $crate::envelope::record::Member>::schema,
                },)+
            ];

            fn take(
                members: &mut $crate::envelope::record::Members<'_>,
            ) -> Result<Self, $crate::envelope::SchemaError> {
                $(let $field = $crate::envelope::record::Member::take(
                    members,
                    $crate::envelope::record::member_name!($field $($name)?),
                )?;)+
                Ok(Self { $($field,)+ })
            }

            fn put(&self, object: &mut $crate::json::Object) {
                $($crate::envelope::record::Member::put(
                    &self.$field,
                    $crate::envelope::record::member_name!($field $($name)?),
                    object,
                );)+
            }
        }
    };
}

/// The name of a member: the given one, or that of its field.
macro_rules! member_name {
    ($field:ident $name:literal) => {
        $name
    };
    ($field:ident) => {
        stringify!($field)
    };
}

pub(crate) use {member_name, record};
