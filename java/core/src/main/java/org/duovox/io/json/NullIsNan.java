package org.duovox.io.json;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/// Reads the `null` that stands for a number that is none (see [Json]) back as NaN; for components
/// that may be undefined and yet are `double`.
public final class NullIsNan extends ValueDeserializer<Double> {
  @Override
  public Double deserialize(JsonParser parser, DeserializationContext context) {
    return parser.getDoubleValue();
  }

  @Override
  public Double getNullValue(DeserializationContext context) {
    return Double.NaN;
  }
}
