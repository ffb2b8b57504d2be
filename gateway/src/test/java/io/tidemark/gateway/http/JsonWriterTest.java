package io.tidemark.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonWriterTest {

  @Test
  void valuesNestAndAreSeparated() {
    JsonWriter json = new JsonWriter().object().field("a", 1).field("b", "x").field("c", true);
    json.name("d").array().value(1).object().end().array().end().value((String) null).end();
    json.name("e").value(0.5).end();
    assertThat(json).hasToString("{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":[1,{},[],null],\"e\":0.5}");
  }

  @Test
  void whateverIsInATextItStaysOneText() {
    StringBuilder out = new StringBuilder();
    JsonWriter.string("a\"b\\c\n\r\t\u0000\u001f\u007f\u2028é\ud83d\ude00\ud800", out);
    assertThat(out)
        .hasToString("\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001f\\u007f\\u2028é\\ud83d\\ude00\\ud800\"");
  }

  @Test
  void infinitiesBecomeNull() {
    assertThat(new JsonWriter().value(Double.NaN)).hasToString("null");
  }

  @Test
  void misuseIsNoticed() {
    assertThatThrownBy(() -> new JsonWriter().object().value(1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new JsonWriter().array().name("a"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new JsonWriter().end()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new JsonWriter().object().toString())
        .isInstanceOf(IllegalStateException.class);
  }
}
