package org.duovox.io.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// Sets up Jackson by the rules that [Json] states.
final class StrictMapper {
  private StrictMapper() {}

  /// Returns a new mapper.
  static JsonMapper create() {
    StreamReadConstraints limits = StreamReadConstraints.builder().maxNestingDepth(100).build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build())
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(
            MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        // A record is its components: what else it can answer (isEmpty) is no part of it.
        .changeDefaultVisibility(
            visible -> visible.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .annotationIntrospector(new RequiredPrimitives())
        .addModule(new FiniteNumbers())
        .build();
  }

  /// Makes record components of primitive types required: a missing number would silently become 0.
  private static final class RequiredPrimitives extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
      if (member instanceof AnnotatedParameter parameter && parameter.getRawType().isPrimitive()) {
        return Boolean.TRUE;
      }
      return super.hasRequiredMarker(config, member);
    }
  }

  /// Writes NaN and infinities, which JSON cannot express, as `null`.
  private static final class FiniteNumbers extends SimpleModule {
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
      public void serialize(
          double[] values, JsonGenerator generator, SerializationContext context) {
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
}
