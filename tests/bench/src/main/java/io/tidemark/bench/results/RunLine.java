package io.tidemark.bench.results;

import com.fasterxml.jackson.jr.ob.JSON;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Run;
import io.tidemark.bench.server.Side;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run as one line of JSON.
 *
 * <pre>
 *   {"case":"topics","side":"KAFKA","pair":1,"others":0.02,"warmUpPasses":4,"steady":true,
 *    "values":{"TOPICS_PER_SECOND":28.1,…}}
 * </pre>
 */
final class RunLine {
  private RunLine() {}

  static String write(Run run) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("case", run.caseName());
    line.put("side", run.side().name());
    line.put("pair", run.pair());
    line.put("others", run.othersShare());
    line.put("warmUpPasses", run.warmUpPasses());
    line.put("steady", run.isSteady());
    Map<String, Double> values = new LinkedHashMap<>();
    for (Quantity quantity : Quantity.values()) {
      Double value = run.values().get(quantity);
      if (value != null) {
        values.put(quantity.name(), value);
      }
    }
    line.put("values", values);
    return JSON.std.asString(line);
  }

  static Run read(String line) throws IOException {
    Map<String, Object> fields = JSON.std.mapFrom(line);
    Map<Quantity, Double> values = new EnumMap<>(Quantity.class);
    ((Map<?, ?>) field(fields, "values"))
        .forEach((quantity, value) ->
            values.put(Quantity.valueOf(String.valueOf(quantity)), ((Number) value).doubleValue()));
    return new Run(
        (String) field(fields, "case"),
        Side.valueOf((String) field(fields, "side")),
        ((Number) field(fields, "pair")).intValue(),
        values,
        ((Number) field(fields, "others")).doubleValue(),
        ((Number) field(fields, "warmUpPasses")).intValue(),
        (Boolean) field(fields, "steady"));
  }

  private static Object field(Map<String, Object> fields, String name) throws IOException {
    Object value = fields.get(name);
    if (value == null) {
      throw new IOException("no field " + name + " in " + fields);
    }
    return value;
  }
}
