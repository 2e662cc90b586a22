package org.duovox.io.json;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/// Writes NaN and infinities, which JSON cannot express, as `null`.
final class FiniteNumbers extends SimpleModule {
  private static final long serialVersionUID = 1L;

  FiniteNumbers() {
    super("finite-numbers");
    addSerializer(Double.class, new OfDouble());
    addSerializer(double.class, new OfDouble());
    addSerializer(Float.class, new OfFloat());
    addSerializer(float.class, new OfFloat());
    addSerializer(double[].class, new OfDoubles());
    addSerializer(float[].class, new OfFloats());
  }

  private static void write(double value, JsonGenerator generator) {
    if (Double.isFinite(value)) {
      generator.writeNumber(value);
    } else {
      generator.writeNull();
    }
  }

  private static void write(float value, JsonGenerator generator) {
    if (Float.isFinite(value)) {
      generator.writeNumber(value);
    } else {
      generator.writeNull();
    }
  }

  private static final class OfDouble extends ValueSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator generator, SerializationContext context) {
      write(value.doubleValue(), generator);
    }
  }

  private static final class OfFloat extends ValueSerializer<Float> {
    @Override
    public void serialize(Float value, JsonGenerator generator, SerializationContext context) {
      write(value.floatValue(), generator);
    }
  }

  private static final class OfDoubles extends ValueSerializer<double[]> {
    @Override
    public void serialize(double[] values, JsonGenerator generator, SerializationContext context) {
      generator.writeStartArray();
      for (double value : values) {
        write(value, generator);
      }
      generator.writeEndArray();
    }
  }

  private static final class OfFloats extends ValueSerializer<float[]> {
    @Override
    public void serialize(float[] values, JsonGenerator generator, SerializationContext context) {
      generator.writeStartArray();
      for (float value : values) {
        write(value, generator);
      }
      generator.writeEndArray();
    }
  }
}
