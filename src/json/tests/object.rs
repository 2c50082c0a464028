//! An object against a map of the standard library.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::json::members::Members;
use crate::json::{Object, Value};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn an_object_agrees_with_a_map(names in prop::collection::vec("[a-d]{0,2}", 0..40)) {
        let mut map = BTreeMap::new();
        let mut object = Object::new();
        let mut members = Members::new();
        for (number, name) in (0_u32..).zip(&names) {
            if !members.contains(name) {
                members.push(name.clone(), Value::from(number));
            }
            prop_assert_eq!(object.insert(name.as_str(), number), map.insert(name, Value::from(number)));
        }
        prop_assert!(object.iter().map(|(name, _)| name).eq(map.keys().map(|name| name.as_str())));
        prop_assert_eq!((object.len(), object.is_empty()), (map.len(), map.is_empty()));
        let numbered = names.iter().cloned().zip((0_u32..).map(Value::from));
        prop_assert_eq!(&numbered.collect::<Object>(), &object);
        let read = Object::from(members);
        prop_assert!(read.iter().map(|(name, _)| name).eq(map.keys().map(|name| name.as_str())));
        for name in &names {
            prop_assert_eq!(object.get(name), map.get(name));
            prop_assert_eq!(object.remove(name), map.remove(name));
        }
        prop_assert!(object.is_empty());
    }
}
