package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class SchemaGuardTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'object','properties':{'a':{'type':'string'}},'required':['a'],'additionalProperties':false}",
                "{'type':'array','items':{'enum':[1,'x',null]},'minItems':1,'maxItems':3}",
                "{'type':['string','null'],'description':'a name'}",
                "{'anyOf':[{'type':'integer','minimum':3},{'const':'x'}]}",
                "{'type':'string','pattern':'^\\\\d{4}-[0-1][0-9]-\\\\d{2}$'}",
                "{'type':'string','format':'date'}",
            })
    void schemasThatTheGrammarWriterKnowsPass(String schema) {
        assertThat(SchemaGuard.fault(JSON.readTree(schema.replace('\'', '"')))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{'type':'nonsense'}",
                "{'description':'no type'}",
                "{'$ref':'#/definitions/x'}",
                "{'type':'string','pattern':'(a+)+b'}",
                "{'type':'string','minLength':-1}",
                "{'type':'string','minLength':5,'maxLength':2}",
                "{'type':'integer','minimum':9,'maximum':3}",
                "{'type':'array','maxItems':1000000}",
                "{'type':'array','items':'x'}",
                "{'type':'object','properties':[]}",
                "{'type':'object','required':'a'}",
                "{'enum':[]}",
                "{'not':{'type':'string'},'type':'object'}",
            })
    void schemasThatWouldEndTheProcessAreRefused(String schema) {
        assertThat(SchemaGuard.fault(JSON.readTree(schema.replace('\'', '"')))).isPresent();
    }

    @org.junit.jupiter.api.Test
    void deepSchemasAreRefused() {
        String deep = "{\"type\":\"array\",\"items\":".repeat(40) + "{\"type\":\"null\"}" + "}".repeat(40);

        assertThat(SchemaGuard.fault(JSON.readTree(deep))).isPresent();
    }
}
