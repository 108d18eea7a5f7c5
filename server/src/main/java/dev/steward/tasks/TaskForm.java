package dev.steward.tasks;

import dev.steward.base.FieldFault;
import dev.steward.base.Permission;
import java.util.List;
import java.util.Map;

/// How people may create tasks of a type by `POST /tasks`.
public interface TaskForm {

    /// What a person needs to be allowed to do to create one.
    Permission permission();

    /// The input that passes, written for people, such as `{"message": text, "agent"?: name}`.
    String accepts();

    /// What is wrong with an input; field names begin with `input.`. Must name unknown fields too.
    ///
    /// @param input the JSON object as maps, lists, texts, numbers, booleans and nulls
    List<FieldFault> faults(Map<String, Object> input);
}
