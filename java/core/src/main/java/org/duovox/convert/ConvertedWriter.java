package org.duovox.convert;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipException;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.checkpoint.Tensor;
import org.duovox.convert.checkpoint.TensorStream;
import org.duovox.convert.layout.Converted;
import org.duovox.convert.pickle.Limits;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.units.Codebook;
import org.duovox.units.StreamInfo;

/// Writes what a checkpoint became: tensors, configuration, and where it all comes from.
final class ConvertedWriter {
  private static final String WEIGHTS = "model.safetensors";
  private static final String CODEBOOK = "codebook.safetensors";
  private static final String PROVENANCE = "conversion.json";
  private static final StreamInfo UNKNOWN = new StreamInfo("", "", "", "", "", 1, 0);

  /// What an expanded tensor may be larger than the memory it views.
  private static final long EXPANSION = 1 << 20;

  private final ConvertRequest request;
  private final Path folder;
  private final Path source;

  ConvertedWriter(ConvertRequest request, Path folder, Path source) {
    this.request = request;
    this.folder = folder;
    this.source = source;
  }

  Conversion write(Converted converted, String form, List<Conversion.Source> sources) {
    boolean codebook = converted.centroids().isPresent();
    if (codebook) {
      writeCodebook(converted.centroids().get(), sources);
    } else {
      writeWeights(converted.tensors());
    }
    converted.texts().forEach((name, text) -> AtomicFiles.write(folder.resolve(name), text));
    List<String> files = new ArrayList<>(List.of(codebook ? CODEBOOK : WEIGHTS));
    files.addAll(new TreeMap<>(converted.texts()).keySet());
    files.add(PROVENANCE);
    Conversion conversion =
        new Conversion(
            converted.layout(),
            form,
            request.target().toString(),
            files,
            codebook ? 1 : converted.tensors().tensors().size(),
            converted.centroids().map(Tensor::elements).orElse(converted.tensors().elements()),
            sources,
            converted.dropped(),
            converted.notes());
    AtomicFiles.write(folder.resolve(PROVENANCE), Json.pretty(provenance(conversion)));
    return conversion;
  }

  private static Map<String, Object> provenance(Conversion conversion) {
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("duovox", Versions.DUOVOX);
    provenance.put("converted_from", conversion.sources());
    provenance.put("layout", conversion.layout());
    provenance.put("form", conversion.form());
    provenance.put("dropped", conversion.dropped());
    provenance.put("notes", conversion.notes());
    return provenance;
  }

  private void writeWeights(StateDict state) {
    long total = 0;
    for (Map.Entry<String, Tensor> entry : state.tensors().entrySet()) {
      total += work(entry.getKey(), entry.getValue());
      if (total > request.maxBytes() || total < 0) {
        throw new Malformed(
            "its tensors take more than %d bytes to write; raise --max-bytes if that is right"
                .formatted(request.maxBytes()));
      }
    }
    try (SafetensorsWriter writer =
        Safetensors.create(folder.resolve(WEIGHTS), Map.of("format", "pt"))) {
      state.tensors().forEach((name, tensor) -> add(writer, name, tensor));
      writer.commit();
    }
  }

  /// Bytes that are read to write a tensor: what it holds, what it is gathered from, what is
  /// unpacked to reach it. A small storage that is repeated to a huge tensor is refused.
  private static long work(String name, Tensor tensor) {
    if (tensor.elements() > Math.max(tensor.span(), EXPANSION)) {
      throw new Malformed(
          "tensor \"%s\" repeats %d elements to %d; save it unexpanded"
              .formatted(name, tensor.span(), tensor.elements()));
    }
    long width = tensor.dtype().bytes();
    return Math.max(tensor.elements(), tensor.isContiguous() ? 0 : tensor.span()) * width
        + tensor.storage().bytes().seekCost(tensor.first() * width);
  }

  private void add(SafetensorsWriter writer, String name, Tensor tensor) {
    try (TensorStream stream = new TensorStream(name, tensor)) {
      writer.add(name, tensor.dtype(), tensor.shape(), stream);
    } catch (EOFException | ZipException e) {
      throw damaged(name, e);
    } catch (IOException e) {
      throw DuovoxException.io("cannot convert " + source, e);
    }
  }

  private DuovoxException damaged(String name, IOException e) {
    return DuovoxException.badData(
        "%s: the data of \"%s\" is truncated or damaged (%s)"
            .formatted(source, name, DuovoxException.reason(e)),
        e);
  }

  private void writeCodebook(Tensor centers, List<Conversion.Source> sources) {
    if (work("cluster_centers_", centers) > request.maxBytes()
        || centers.elements() > Limits.CENTROIDS) {
      throw new Malformed("%d values of centroids".formatted(centers.elements()));
    }
    request.origin().ifPresent(origin -> requireWidth(centers, origin.width()));
    float[] values = new float[(int) centers.elements()];
    try (TensorStream stream = new TensorStream("cluster_centers_", centers)) {
      stream.readFloats(values);
    } catch (EOFException | ZipException e) {
      throw damaged("cluster_centers_", e);
    } catch (IOException e) {
      throw DuovoxException.io("cannot convert " + source, e);
    }
    Map<String, String> fit =
        Map.of(
            "converted_from", sources.getFirst().file(),
            "converted_sha256", sources.getFirst().sha256(),
            "converted_dtype", centers.dtype().name());
    StreamInfo stream = request.origin().map(ConvertRequest.Origin::stream).orElse(UNKNOWN);
    new Codebook(values, (int) centers.size(0), stream, fit).write(folder.resolve(CODEBOOK));
  }

  private static void requireWidth(Tensor centers, int width) {
    if (centers.size(1) != width) {
      throw new Malformed(
          "the centroids have %d values, the features that were named %d; these are of another"
                  .formatted(centers.size(1), width)
              + " encoder or layer");
    }
  }
}
