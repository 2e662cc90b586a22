package org.duovox.internal;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_encoder_config;

/// The shape of a pretrained encoder, one record for each family; duovox.h documents the members at
/// `duovox_encoder_config`.
public sealed interface EncoderShape {
  /// The number of the family in `duovox_encoder_family`.
  int family();

  /// Writes the members of the family into a configuration that holds the defaults.
  void fill(MemorySegment config);

  /// The norms after the convolutions; the order is that of `duovox_conv_norm`.
  enum ConvNorm {
    GROUP,
    LAYER
  }

  /// The layer that embeds positions; the order is that of `duovox_position`.
  enum Position {
    WEIGHT_NORM,
    BATCH_NORM,
    STACKED
  }

  /// A recurrent cell; the order is that of `duovox_cell`.
  enum Cell {
    LSTM,
    GRU,
    RNN
  }

  /// The convolutions of a [Transformer]; each list has a member for each convolution.
  record Convolutions(
      List<Integer> widths,
      List<Integer> kernels,
      List<Integer> strides,
      boolean bias,
      ConvNorm norm) {
    public Convolutions {
      widths = List.copyOf(widths);
      kernels = List.copyOf(kernels);
      strides = List.copyOf(strides);
    }
  }

  /// The position embedding of a [Transformer]; `relativeBuckets` 0 without WavLM's bias.
  record Positions(
      Position kind,
      int kernel,
      int groups,
      int depth,
      int relativeBuckets,
      int relativeDistance) {}

  /// The quantizer of wav2vec 2.0; `groups` 0 when there is none.
  record Codes(int groups, int codes, int width) {
    /// No quantizer.
    public static final Codes NONE = new Codes(0, 0, 0);
  }

  /// The shape of HuBERT, wav2vec 2.0, data2vec-audio and WavLM.
  record Transformer(
      boolean standardize,
      Convolutions convolutions,
      boolean projectionNorm,
      int hidden,
      int layers,
      int heads,
      int feedForward,
      boolean stableNorm,
      Positions positions,
      Codes codes,
      double layerNormEpsilon)
      implements EncoderShape {
    @Override
    public int family() {
      return Duovox.DUOVOX_WAV2VEC2();
    }

    @Override
    public void fill(MemorySegment c) {
      duovox_encoder_config.standardize(c, standardize ? 1 : 0);
      duovox_encoder_config.conv_layers(c, convolutions.widths().size());
      for (int i = 0; i < convolutions.widths().size(); i++) {
        duovox_encoder_config.conv_width(c, i, convolutions.widths().get(i));
        duovox_encoder_config.conv_kernel(c, i, convolutions.kernels().get(i));
        duovox_encoder_config.conv_stride(c, i, convolutions.strides().get(i));
      }
      duovox_encoder_config.conv_bias(c, convolutions.bias() ? 1 : 0);
      duovox_encoder_config.conv_norm(c, convolutions.norm().ordinal());
      duovox_encoder_config.projection_norm(c, projectionNorm ? 1 : 0);
      duovox_encoder_config.hidden(c, hidden);
      duovox_encoder_config.layers(c, layers);
      duovox_encoder_config.heads(c, heads);
      duovox_encoder_config.feed_forward(c, feedForward);
      duovox_encoder_config.stable_norm(c, stableNorm ? 1 : 0);
      duovox_encoder_config.layer_norm_epsilon(c, layerNormEpsilon);
      fillPositions(c);
      duovox_encoder_config.code_groups(c, codes.groups());
      duovox_encoder_config.codes(c, codes.codes());
      duovox_encoder_config.code_width(c, codes.width());
    }

    private void fillPositions(MemorySegment c) {
      duovox_encoder_config.position(c, positions.kind().ordinal());
      duovox_encoder_config.position_kernel(c, positions.kernel());
      duovox_encoder_config.position_groups(c, positions.groups());
      duovox_encoder_config.position_depth(c, positions.depth());
      duovox_encoder_config.relative_buckets(c, positions.relativeBuckets());
      duovox_encoder_config.relative_distance(c, positions.relativeDistance());
    }
  }

  /// The shape of contrastive predictive coding.
  record Cpc(int encoder, int context, int levels, Cell cell) implements EncoderShape {
    @Override
    public int family() {
      return Duovox.DUOVOX_CPC();
    }

    @Override
    public void fill(MemorySegment c) {
      duovox_encoder_config.cpc_encoder(c, encoder);
      duovox_encoder_config.cpc_context(c, context);
      duovox_encoder_config.cpc_levels(c, levels);
      duovox_encoder_config.cpc_cell(c, cell.ordinal());
    }
  }

  /// The shape of ResDAVEnet-VQ: the widths of its five stages, and the number of codes after each
  /// stage or 0.
  record Resdavenet(List<Integer> widths, List<Integer> codes, boolean zeroPadding)
      implements EncoderShape {
    public Resdavenet {
      widths = List.copyOf(widths);
      codes = List.copyOf(codes);
    }

    @Override
    public int family() {
      return Duovox.DUOVOX_RESDAVENET_VQ();
    }

    @Override
    public void fill(MemorySegment c) {
      for (int i = 0; i < widths.size(); i++) {
        duovox_encoder_config.vq_width(c, i, widths.get(i));
        duovox_encoder_config.vq_codes(c, i, codes.get(i));
      }
      duovox_encoder_config.vq_zero_padding(c, zeroPadding ? 1 : 0);
    }
  }
}
