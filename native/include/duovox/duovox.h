/**
 * @file duovox.h
 * @brief The one public header of Duovox's native library: the dual-channel unit language model and its training step.
 *
 * Source of the system: Kim, Hwang, Lee, "Learning Semantic Information from Raw Audio Signal Using Both Contextual and
 * Phonetic Representations", ICASSP 2024, arXiv 2402.01298.
 *
 * Rules of this boundary (docs/adr/0002 to 0005):
 *  1. Every call that can fail returns a duovox_status; results go through out-pointers, written only on success.
 *  2. After a status other than DUOVOX_OK, duovox_last_error() holds the reason, for the calling thread.
 *  3. Arguments are fixed-width integers, floats, doubles, pointers and flat structs by pointer. No callbacks, no globals.
 *  4. Inputs are borrowed for the call and copied if kept. No pointer into the caller's memory survives a call. The only
 *     shared memory is the slots of a ring, which the library owns and lends. A slot must not change while a call reads it;
 *     when the call returns, whatever its status and device, the caller may change the slot again.
 *  5. A handle is used by one thread at a time; different handles are independent. Two exceptions: any number of threads
 *     may encode with a sealed encoder at once, and assign with a k-means codebook that no thread changes. Destroy
 *     functions take NULL.
 *  6. The library opens no files: parameters and features are passed as buffers.
 *  7. Strings are UTF-8 and end with NUL.
 *  8. Host memory of freed tensors is kept for later tensors; it returns to the system when a handle is destroyed.
 *
 * Shapes: B utterances of a batch, T contextual tokens, P phonetic units, H hidden width, R width of a contextual
 * representation, V contextual codes, Q phonetic codes, C classes.
 */
#ifndef DUOVOX_DUOVOX_H
#define DUOVOX_DUOVOX_H

#include <stdint.h>

#if defined(__GNUC__)
#define DUOVOX_API __attribute__((visibility("default")))
#else
#define DUOVOX_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Version of this boundary; compare it with duovox_abi_version() before any other call. */
#define DUOVOX_ABI_VERSION 4

/** Outcome of a call: one of duovox_status_code. */
typedef int32_t duovox_status;

enum duovox_status_code {
  DUOVOX_OK = 0,
  DUOVOX_INVALID_ARGUMENT = 1, /**< an argument is NULL, out of range or of the wrong size */
  DUOVOX_INVALID_STATE = 2,    /**< the handle is not ready for this call */
  DUOVOX_OUT_OF_MEMORY = 3,    /**< host or device memory is exhausted */
  DUOVOX_UNAVAILABLE = 4,      /**< the device asked for is not there */
  DUOVOX_DIVERGED = 5,         /**< the loss scale reached its minimum without a finite step */
  DUOVOX_INTERNAL = 6          /**< any other failure of libtorch or this library */
};

/* ---------------------------------------------------------------------------------------------------------- runtime */

/** Structs whose size duovox_sizeof() returns, so that a caller can check its layouts. */
enum duovox_struct_id {
  DUOVOX_STRUCT_RUNTIME_INFO = 0,
  DUOVOX_STRUCT_LOGMEL_CONFIG = 1,
  DUOVOX_STRUCT_KMEANS_CONFIG = 2,
  DUOVOX_STRUCT_KMEANS_REPORT = 3,
  DUOVOX_STRUCT_MODEL_CONFIG = 4,
  DUOVOX_STRUCT_PARAMETER_INFO = 5,
  DUOVOX_STRUCT_RING_CONFIG = 6,
  DUOVOX_STRUCT_BATCH = 7,
  DUOVOX_STRUCT_BATCH_SHAPE = 8,
  DUOVOX_STRUCT_TRAIN_CONFIG = 9,
  DUOVOX_STRUCT_TRAIN_REPORT = 10,
  DUOVOX_STRUCT_ENCODER_CONFIG = 11,
  DUOVOX_STRUCT_ENCODER_LAYER = 12,
  DUOVOX_STRUCT_ENCODE_REQUEST = 13,
  DUOVOX_STRUCT_FORWARD = 14
};

/** DUOVOX_CUDA is experimental: it compiles and its host part is tested, but it has not been run on a device yet. */
enum duovox_device { DUOVOX_CPU = 0, DUOVOX_CUDA = 1 };

/** Versions and hardware that the library uses. Strings are NUL-terminated and truncated to fit. */
typedef struct duovox_runtime_info {
  char libtorch_version[64];
  char cpu_capability[64]; /**< the vector extension libtorch's kernels use, e.g. "AVX2" */
  int32_t threads;         /**< intra-operation threads */
  int32_t cuda_devices;    /**< 0 unless duovox_cuda_load() succeeded */
  int32_t cpu_bf16;        /**< 1 when the processor multiplies bfloat16 (AVX512-BF16) */
  int32_t reserved;        /**< 0 */
} duovox_runtime_info;

/** @return DUOVOX_ABI_VERSION of the library. Cannot fail. */
DUOVOX_API int32_t duovox_abi_version(void);

/** @return bytes of the struct named by a duovox_struct_id, or -1 for an unknown id. Cannot fail. */
DUOVOX_API int64_t duovox_sizeof(int32_t struct_id);

/** @return this thread's last failure; borrowed until the thread's next call into the library; never NULL. */
DUOVOX_API const char *duovox_last_error(void);

/** @param[out] out versions and hardware that the library uses. */
DUOVOX_API duovox_status duovox_runtime(duovox_runtime_info *out);

/** @param[in] threads intra-operation threads of libtorch, 1 to 1024. The count affects the last bits of results. */
DUOVOX_API duovox_status duovox_set_threads(int32_t threads);

/** Loads libtorch's CUDA part. DUOVOX_UNAVAILABLE with the loader's message when it, a driver or a device is missing. */
DUOVOX_API duovox_status duovox_cuda_load(void);

enum duovox_dtype { DUOVOX_F32 = 0, DUOVOX_F64 = 1, DUOVOX_I64 = 2 };

/** One named tensor: of a model or an encoder, parameters and buffers (codebook) alike, or of a trainer's state. */
typedef struct duovox_parameter_info {
  char name[128];    /**< e.g. "contextual.layer.0.attention.qkv.weight" */
  int32_t rank;      /**< 1 to 4 */
  int32_t trainable; /**< 0 for a buffer and for a trainer's state */
  int32_t dtype;     /**< duovox_dtype; DUOVOX_F32 for models and encoders */
  int32_t reserved;  /**< 0 */
  int64_t shape[4];
  int64_t elements;
} duovox_parameter_info;

/* ----------------------------------------------------------------------------------------------------------- speech */

/** Log-mel filterbank: natural log of (mel power + floor); Hann window, no padding at the edges. */
typedef struct duovox_logmel_config {
  int32_t sample_rate;   /**< Hz; 16000 */
  int32_t window;        /**< samples; 400 (25 ms); periodic Hann */
  int32_t hop;           /**< samples; 160 (10 ms) */
  int32_t fft;           /**< points, >= window; 512 */
  int32_t bands;         /**< mel bands; 80; Slaney scale, triangles of equal area (Slaney norm) */
  int32_t reserved;      /**< 0 */
  double low_hz;         /**< 20 */
  double high_hz;        /**< 8000, at most sample_rate / 2 */
  double floor;          /**< added to the mel power before the log; 1e-6 */
} duovox_logmel_config;

/** @param[out] config the documented defaults. */
DUOVOX_API duovox_status duovox_logmel_config_init(duovox_logmel_config *config);

/** @param[out] frames 1 + (samples - window) / hop, or 0 when the utterance is shorter than one window. */
DUOVOX_API duovox_status duovox_logmel_frames(const duovox_logmel_config *config, int64_t samples, int64_t *frames);

/**
 * Log-mel features of one utterance.
 * @param[in] samples (count), [-1, 1]
 * @param[out] out (frames, bands), row-major; capacity in floats must hold all of it.
 */
DUOVOX_API duovox_status duovox_logmel(const duovox_logmel_config *config, const float *samples, int64_t count,
                                       float *out, int64_t capacity);

/** @param[out] frames of duovox_mfcc(): 1 + (samples - 400) / 160, or 0 when shorter than one window. */
DUOVOX_API duovox_status duovox_mfcc_frames(int64_t samples, int64_t *frames);

/**
 * MFCC as fairseq's HuBERT recipe takes them for its first iteration (Kaldi's definition: 25 ms Povey window every 10 ms,
 * 23 mel bands from 20 Hz, 13 cepstra, liftering 22, no energy, no dither), with first and second deltas over 5 frames.
 * @param[in] samples (count), 16 kHz, [-1, 1]
 * @param[out] out (frames, 39), row-major: cepstra, deltas, deltas of deltas; capacity in floats
 */
DUOVOX_API duovox_status duovox_mfcc(const float *samples, int64_t count, float *out, int64_t capacity);

/* --------------------------------------------------------------------------------------------------------- encoders */

/**
 * A pretrained speech encoder. Create it, write its tensors, seal it, then encode mono audio at 16 kHz.
 * A sealed encoder never changes: any number of threads may encode with it at once.
 */
typedef struct duovox_encoder duovox_encoder;

enum duovox_encoder_family {
  DUOVOX_WAV2VEC2 = 0,      /**< convolutions and a transformer: HuBERT, wav2vec 2.0, data2vec-audio, WavLM */
  DUOVOX_CPC = 1,           /**< contrastive predictive coding (Riviere et al. 2020): convolutions, a recurrent network */
  DUOVOX_RESDAVENET_VQ = 2  /**< ResDAVEnet-VQ (Harwath, Hsu, Glass 2020): residual network on log-mel with VQ layers */
};

enum duovox_conv_norm {
  DUOVOX_GROUP_NORM = 0, /**< after the first convolution only, over the whole time axis of the utterance ("base" models) */
  DUOVOX_LAYER_NORM = 1  /**< after every convolution, over the channels of a frame ("large" models, data2vec) */
};

enum duovox_position {
  DUOVOX_POSITION_WEIGHT_NORM = 0, /**< one weight-normalized convolution */
  DUOVOX_POSITION_BATCH_NORM = 1,  /**< a batch norm and one convolution (HuBERT's conv_pos_batch_norm) */
  DUOVOX_POSITION_STACKED = 2      /**< position_depth convolutions with layer norms (data2vec) */
};

enum duovox_cell { DUOVOX_LSTM = 0, DUOVOX_GRU = 1, DUOVOX_RNN_TANH = 2 };

/** How duovox_encoder_encode() cuts audio into pieces. */
enum duovox_chunking {
  DUOVOX_WHOLE = 0,        /**< not at all */
  DUOVOX_CHUNK = 1,        /**< pieces of `chunk` samples, each separately; the last piece is the last `chunk` samples of
                                the utterance, of which the missing frames are kept (CPC_audio's strict mode);
                                DUOVOX_CPC only */
  DUOVOX_CHUNK_CARRIED = 2 /**< the same, but the recurrent state is kept between pieces (keepHidden); DUOVOX_CPC only */
};

/** Shape of an encoder; members of families other than `family` are ignored. The numbers in the comments are those of the
 * published base models, which duovox_encoder_config_init() sets. */
typedef struct duovox_encoder_config {
  int32_t family;            /**< duovox_encoder_family */
  int32_t device;            /**< duovox_device */

  /* DUOVOX_WAV2VEC2 */
  int32_t standardize;       /**< 1: x = (x - mean) / sqrt(variance + 1e-7) over the utterance before anything else */
  int32_t conv_layers;       /**< 1 to 16; 7 */
  int32_t conv_width[16];    /**< 512 each */
  int32_t conv_kernel[16];   /**< 10, 3, 3, 3, 3, 2, 2 */
  int32_t conv_stride[16];   /**< 5, 2, 2, 2, 2, 2, 2 */
  int32_t conv_bias;         /**< 0 */
  int32_t conv_norm;         /**< duovox_conv_norm */
  int32_t projection_norm;   /**< 1: layer norm before the projection */
  int32_t hidden;            /**< H, a multiple of heads; 768 */
  int32_t layers;            /**< 12 */
  int32_t heads;             /**< 12 */
  int32_t feed_forward;      /**< 3072 */
  int32_t stable_norm;       /**< 1: layer norms before attention and feed-forward ("large" models) */
  int32_t position;          /**< duovox_position */
  int32_t position_kernel;   /**< frames; 128 */
  int32_t position_groups;   /**< 16 */
  int32_t position_depth;    /**< convolutions of DUOVOX_POSITION_STACKED; 5 */
  int32_t relative_buckets;  /**< of WavLM's gated relative position bias; 0: none; 320 */
  int32_t relative_distance; /**< frames; 800 */
  int32_t code_groups;       /**< of wav2vec 2.0's quantizer; 0: none; 2 */
  int32_t codes;             /**< of each group; 320 */
  int32_t code_width;        /**< of all groups' vectors together; 256 */

  /* DUOVOX_CPC */
  int32_t cpc_encoder;       /**< channels of the convolutions; 256 */
  int32_t cpc_context;       /**< width of the recurrent network; 256 */
  int32_t cpc_levels;        /**< its layers; 1 */
  int32_t cpc_cell;          /**< duovox_cell */

  /* DUOVOX_RESDAVENET_VQ */
  int32_t vq_width[5];       /**< of the first convolution and the four residual layers; 128, 256, 256, 512, 1024 */
  int32_t vq_codes[5];       /**< codes of the quantizer after each of them; 0: none; 0, 1024, 1024, 0, 0 */
  int32_t vq_zero_padding;   /**< 1: the spectrogram's edges see zeros (librosa 0.10 and later) instead of the mirrored signal */

  double layer_norm_epsilon; /**< 1e-5 */
} duovox_encoder_config;

/** One representation that an encoder offers. */
typedef struct duovox_encoder_layer {
  char name[64];    /**< e.g. "hidden_state_6", "extract_features", "codes", "context_level_2", "quant3.codes" */
  int32_t width;    /**< values of a frame; a code layer has one whole number for each group */
  int32_t codes;    /**< codes of a group, 0 unless it is a code layer */
  int32_t interval; /**< samples between the centers of two frames */
  int32_t reserved; /**< 0 */
  double offset;    /**< center of frame 0 in samples from the start of the audio */
} duovox_encoder_layer;

/** The audio and layers to encode. Buffers are borrowed for the call. */
typedef struct duovox_encode_request {
  const float *samples;   /**< all utterances one after the other */
  const int64_t *lengths; /**< (rows) samples of each */
  const int32_t *layers;  /**< (layer_count) indices of layers, each once */
  int32_t rows;           /**< 1 to 65536 */
  int32_t layer_count;    /**< at least 1 */
  int32_t chunking;       /**< duovox_chunking */
  int32_t reserved;       /**< 0 */
  int64_t chunk;          /**< samples of a piece; ignored by DUOVOX_WHOLE */
} duovox_encode_request;

/** @param[out] config the published base model of a family. */
DUOVOX_API duovox_status duovox_encoder_config_init(int32_t family, duovox_encoder_config *config);

/** @param[out] out new handle; free it with duovox_encoder_destroy(). */
DUOVOX_API duovox_status duovox_encoder_create(const duovox_encoder_config *config, duovox_encoder **out);

/** @param[out] count number of named tensors to write, in a fixed order. */
DUOVOX_API duovox_status duovox_encoder_parameters(duovox_encoder *encoder, int32_t *count);

/** @param[out] info name (that of the published checkpoints) and shape of tensor index. */
DUOVOX_API duovox_status duovox_encoder_parameter(duovox_encoder *encoder, int32_t index,
                                                  duovox_parameter_info *info);

/** @param[in] values (count) finite floats, row-major, count = elements of the tensor. */
DUOVOX_API duovox_status duovox_encoder_write(duovox_encoder *encoder, int32_t index, const float *values,
                                              int64_t count);

/** Prepares the written weights for use; then nothing more can be written. DUOVOX_INVALID_STATE names a missing tensor. */
DUOVOX_API duovox_status duovox_encoder_seal(duovox_encoder *encoder);

/** @param[out] count number of layers, in order from the input to the output. */
DUOVOX_API duovox_status duovox_encoder_layers(duovox_encoder *encoder, int32_t *count);

/** @param[out] layer description of a layer. */
DUOVOX_API duovox_status duovox_encoder_describe(duovox_encoder *encoder, int32_t index,
                                                 duovox_encoder_layer *layer);

/**
 * Frames of a layer for an utterance of samples; 0 when it is too short.
 * @param[in] chunking duovox_chunking, with pieces of chunk samples; audio cut by CPC_audio's rule has samples / 160 frames
 */
DUOVOX_API duovox_status duovox_encoder_frames(duovox_encoder *encoder, int32_t layer, int64_t samples,
                                               int32_t chunking, int64_t chunk, int64_t *frames);

/**
 * Computes frames of the requested layers for all utterances, and nothing beyond the last of these layers. Utterances are
 * packed, never padded: the result for each is the same as alone, up to the rounding of matrix products.
 * @param[out] out for each requested layer in order, for each utterance: (frames, width), row-major; capacity in floats.
 */
DUOVOX_API duovox_status duovox_encoder_encode(const duovox_encoder *encoder, const duovox_encode_request *request,
                                               float *out, int64_t capacity);

/** NULL is allowed; cannot fail. */
DUOVOX_API void duovox_encoder_destroy(duovox_encoder *encoder);

/* ------------------------------------------------------------------------------------------------------------ units */

/** A k-means codebook being fitted or used; centroids in float32, sums in float64. */
typedef struct duovox_kmeans duovox_kmeans;

typedef struct duovox_kmeans_config {
  int64_t clusters; /**< 1 to 1,000,000 */
  int64_t width;    /**< dimension of a row */
  uint64_t seed;    /**< of the k-means++ draw and of the repair of empty clusters */
} duovox_kmeans_config;

typedef struct duovox_kmeans_report {
  int64_t rows;           /**< rows seen by the call (or pass) */
  int64_t empty_clusters; /**< clusters without a row, before repair */
  double inertia;         /**< sum of squared distances to the nearest centroid, before the update */
  double shift;           /**< largest Euclidean move of a centroid */
} duovox_kmeans_report;

/** @param[out] out new handle; free it with duovox_kmeans_destroy(). */
DUOVOX_API duovox_status duovox_kmeans_create(const duovox_kmeans_config *config, duovox_kmeans **out);

/** k-means++ start (Arthur and Vassilvitskii 2007, greedy with 2 + log K candidates). @param[in] rows (count, width), count >= clusters */
DUOVOX_API duovox_status duovox_kmeans_start(duovox_kmeans *kmeans, const float *rows, int64_t count);

/** One mini-batch step (Sculley 2010): each centroid moves by 1 / (rows it has seen). @param[in] rows (count, width) */
DUOVOX_API duovox_status duovox_kmeans_minibatch(duovox_kmeans *kmeans, const float *rows, int64_t count,
                                                 duovox_kmeans_report *report);

/** Adds rows to the current Lloyd pass without moving centroids. @param[in] rows (count, width) */
DUOVOX_API duovox_status duovox_kmeans_lloyd_add(duovox_kmeans *kmeans, const float *rows, int64_t count);

/** Ends the Lloyd pass: centroids become the means of their rows; an empty cluster gets the row farthest from its centroid. */
DUOVOX_API duovox_status duovox_kmeans_lloyd_end(duovox_kmeans *kmeans, duovox_kmeans_report *report);

/** Replaces the centroids (imported codebook). @param[in] centroids (clusters, width) */
DUOVOX_API duovox_status duovox_kmeans_set_centroids(duovox_kmeans *kmeans, const float *centroids, int64_t count);

/** @param[out] centroids (clusters, width); capacity in floats. */
DUOVOX_API duovox_status duovox_kmeans_centroids(duovox_kmeans *kmeans, float *centroids, int64_t capacity);

/** Nearest centroid of each row; ties go to the lower code. Changes nothing, so several threads may call it at once.
 * @param[in] rows (count, width) @param[out] codes (count) */
DUOVOX_API duovox_status duovox_kmeans_assign(duovox_kmeans *kmeans, const float *rows, int64_t count, int32_t *codes);

/** NULL is allowed; cannot fail. */
DUOVOX_API void duovox_kmeans_destroy(duovox_kmeans *kmeans);

/* ------------------------------------------------------------------------------------------------------------ model */

/** A unit language model with its parameters on one device. */
typedef struct duovox_model duovox_model;

enum duovox_model_kind {
  DUOVOX_DUAL = 0,   /**< contextual and phonetic channel with heterogeneous interaction */
  DUOVOX_SINGLE = 1, /**< one stream in the contextual channel, no phonetic channel: the BERT baseline */
  DUOVOX_JOINT = 2   /**< one transformer over both streams: a row's contextual tokens, then its phonetic units, told apart
                          by type embeddings, with consecutive positions: the joint-sequence baseline */
};

/** The weights of the heterogeneous interaction. */
enum duovox_interaction {
  DUOVOX_INTERACTION_PER_LAYER = 0, /**< a set for each layer (the paper) */
  DUOVOX_INTERACTION_SHARED = 1,    /**< one set, norms included, used after every layer (CharBERT's code) */
  DUOVOX_INTERACTION_NONE = 2       /**< no interaction: an ablation */
};

/** The activation after the interaction's convolution. Split maps are followed by GELU unless this is NONE. */
enum duovox_activation { DUOVOX_ACTIVATION_NONE = 0, DUOVOX_ACTIVATION_TANH = 1, DUOVOX_ACTIVATION_GELU = 2 };

/** The type in which forward and backward passes compute. Parameters, gradients of a step and the optimizer stay float32. */
enum duovox_precision {
  DUOVOX_FP32 = 0,
  DUOVOX_BF16 = 1, /**< CPU with cpu_bf16, or CUDA */
  DUOVOX_FP16 = 2  /**< CUDA only, with dynamic loss scaling */
};

/** How the phonetic units under a contextual token are combined into one vector. */
enum duovox_phonetic_pooling { DUOVOX_GRU_ENDS = 0, DUOVOX_POOL_MEAN = 1, DUOVOX_POOL_MAX = 2 };

/** The input vectors of the contextual channel. */
enum duovox_unit_embedding {
  DUOVOX_EMBED_LEARNED = 0, /**< a free vector per unit */
  DUOVOX_EMBED_CODEBOOK = 1 /**< a free vector per unit plus a learned linear map of its codebook vector */
};

/** The channels that the MCR and MCP heads of a dual-channel model read. */
enum duovox_head_layout {
  DUOVOX_HEADS_SPLIT = 0,       /**< MCR the contextual channel, MCP the phonetic channel */
  DUOVOX_HEADS_CONCATENATED = 1 /**< both read both channels side by side */
};

enum duovox_channel { DUOVOX_CONTEXTUAL = 0, DUOVOX_PHONETIC = 1, DUOVOX_BOTH = 2 };

enum duovox_sequence_pooling { DUOVOX_SEQUENCE_MEAN = 0, DUOVOX_SEQUENCE_MAX = 1, DUOVOX_SEQUENCE_CLS = 2 };

/**
 * Shape of a model. Unit ids: contextual codes 0 to V-1, then CLS = V, SEP = V+1, MASK = V+2, PAD = V+3; phonetic codes 0 to
 * Q-1, then PAD = Q, which is the phonetic unit of CLS and SEP, and MASK = Q+1.
 */
typedef struct duovox_model_config {
  int32_t kind;                  /**< duovox_model_kind */
  int32_t contextual_codes;      /**< V; of the single stream when kind is DUOVOX_SINGLE */
  int32_t phonetic_codes;        /**< Q; 0 when kind is DUOVOX_SINGLE */
  int32_t layers;                /**< 8 */
  int32_t hidden;                /**< H, a multiple of heads and of 4; 512 */
  int32_t heads;                 /**< 8 */
  int32_t feed_forward;          /**< 2048 */
  int32_t max_positions;         /**< longest input in tokens, CLS and SEP included; 512; of a joint sequence both streams together */
  int32_t phonetic_embedding;    /**< width of a phonetic unit's embedding; 256 */
  int32_t phonetic_pooling;      /**< duovox_phonetic_pooling */
  int32_t unit_embedding;        /**< duovox_unit_embedding */
  int32_t representation_width;  /**< R: width of the contextual codebook, the target of MCR; 0 without MCR and codebook */
  int32_t phonetic_width;        /**< width of the phonetic codebook; 0 unless unit_embedding is DUOVOX_EMBED_CODEBOOK */
  int32_t classes;               /**< C of the classification head; 0 for none */
  int32_t class_pooling;         /**< duovox_sequence_pooling of the classification head */
  int32_t head_layout;           /**< duovox_head_layout; of DUOVOX_DUAL */
  int32_t head_width;            /**< of the heads' dense layer; 0: H */
  int32_t head_specials;         /**< 1: MCP scores CLS, SEP, MASK and PAD too (V + 4 scores), as the prototype does; 0 */
  int32_t shared_stacks;         /**< 1: both channels go through the same transformer layers (CharBERT's code); 0 */
  int32_t interaction;           /**< duovox_interaction; of DUOVOX_DUAL */
  int32_t interaction_activation; /**< duovox_activation; DUOVOX_ACTIVATION_TANH */
  int32_t interaction_split;     /**< 1: the convolution has 2H channels and a linear map brings them back to each channel;
                                      0: it has H channels, added to both; 1 */
  int32_t interaction_bias;      /**< bias of the maps before the convolution; 1 */
  int32_t type_embeddings;       /**< rows of a type embedding; 0: none, 1 as the prototype (row 0 is added to every
                                      contextual token); DUOVOX_JOINT has always 2; 0 */
  int32_t precision;             /**< duovox_precision */
  int32_t device;                /**< duovox_device */
  double dropout;                /**< 0.1 */
  double layer_norm_epsilon;     /**< 1e-12 */
  uint64_t seed;                 /**< of the initial parameters */
} duovox_model_config;

/** @param[out] config the documented defaults; codes, widths and classes are 0 and must be set. */
DUOVOX_API duovox_status duovox_model_config_init(duovox_model_config *config);

/** @param[out] out new handle; free it with duovox_model_destroy(). */
DUOVOX_API duovox_status duovox_model_create(const duovox_model_config *config, duovox_model **out);

/** @param[out] count named tensors of the model, in a fixed order. */
DUOVOX_API duovox_status duovox_model_parameters(duovox_model *model, int32_t *count);

/** @param[out] info name and shape of tensor index. */
DUOVOX_API duovox_status duovox_model_parameter(duovox_model *model, int32_t index, duovox_parameter_info *info);

/** @param[out] values the tensor, row-major; capacity in floats. */
DUOVOX_API duovox_status duovox_model_read(duovox_model *model, int32_t index, float *values, int64_t capacity);

/** @param[in] values (count) floats, count = elements of the tensor. */
DUOVOX_API duovox_status duovox_model_write(duovox_model *model, int32_t index, const float *values, int64_t count);

/** NULL is allowed; cannot fail. Refused by the Java side while a ring's batch is in use. */
DUOVOX_API void duovox_model_destroy(duovox_model *model);

/* ---------------------------------------------------------------------------------------------------------- batches */

/**
 * A ring of batch buffers, owned by the library and lent to the caller, who fills one while another is computed.
 *
 * A call checks the integers of a slot and, in the same pass, packs them without padding (32 bits each; in pinned memory for
 * DUOVOX_CUDA). One copy moves them to the device, where they become the 64-bit indices that libtorch needs. Representations
 * are read in place on the CPU. On CUDA (experimental) they are copied asynchronously from the slot; the call waits for this
 * copy before it returns, but not for the computation on it.
 */
typedef struct duovox_ring duovox_ring;

typedef struct duovox_ring_config {
  int32_t slots;             /**< 1 to 64 */
  int32_t rows;              /**< maximum of utterances of a batch */
  int64_t tokens;            /**< maximum of B x T of a batch */
  int64_t phonetic_units;    /**< maximum of B x P of a batch; 0 for a single-stream model */
  int32_t device;            /**< duovox_device; with DUOVOX_CUDA representations are in pinned memory */
  int32_t representations;   /**< R when batches bring contextual representations for MCR (DUOVOX_TARGET_FEATURE), else 0 */
} duovox_ring_config;

/**
 * The buffers of one slot. Rows are packed for the shape given with the call: element (b, t) of a (B, T) buffer is at
 * b * T + t. Elements beyond a row's length must be PAD (targets: -1); they never change the result of a real token.
 */
typedef struct duovox_batch {
  int32_t *contextual;       /**< (B, T) unit ids, MASK where hidden */
  int32_t *targets;          /**< (B, T) the true unit at positions with a loss, else -1 */
  int32_t *phonetic;         /**< (B, P) unit ids */
  int32_t *phonetic_start;   /**< (B, T) index in the row's phonetic units of the token's first one; CLS, SEP: their own PAD unit */
  int32_t *phonetic_end;     /**< (B, T) index of the token's last one, >= start */
  int32_t *lengths;          /**< (B) tokens, CLS and SEP included */
  int32_t *phonetic_lengths; /**< (B) phonetic units */
  int32_t *labels;           /**< (B) class, for the classification head */
  float *representations;    /**< (M, R) contextual representation at each of the M positions with a loss, in the order of rows
                                  and time; NULL when the ring has none */
} duovox_batch;

/** A batch in a slot, or a part of one: rows first_row to first_row + rows - 1. */
typedef struct duovox_batch_shape {
  int32_t slot;
  int32_t rows;            /**< B */
  int32_t tokens;          /**< T */
  int32_t phonetic_units;  /**< P; 0 for a single-stream model */
  int32_t first_row;       /**< 0 */
  int32_t reserved;        /**< 0 */
} duovox_batch_shape;

/** The model computes on packed rows, never on padding, so each row costs only what its own length costs.
 * @param[out] out new handle; free it with duovox_ring_destroy(). */
DUOVOX_API duovox_status duovox_ring_create(const duovox_ring_config *config, duovox_ring **out);

/** @param[out] out the buffers of a slot, lent until the ring is destroyed. */
DUOVOX_API duovox_status duovox_ring_slot(duovox_ring *ring, int32_t slot, duovox_batch *out);

/** NULL is allowed; cannot fail. No slot may be touched afterwards. */
DUOVOX_API void duovox_ring_destroy(duovox_ring *ring);

/* ---------------------------------------------------------------------------------------------------- use of a model */

/**
 * Hidden states of a batch in evaluation mode.
 * @param[in] layer 0 = input of the first layer, i = output of layer i after the interaction, -1 = last
 * @param[in] channel DUOVOX_BOTH concatenates (contextual first); DUOVOX_SINGLE models have DUOVOX_CONTEXTUAL only; the
 *   phonetic channel of DUOVOX_JOINT is the mean of the states at each token's phonetic units
 * @param[out] out (B, T, H) or (B, T, 2H); rows beyond a length are 0; capacity in floats
 */
DUOVOX_API duovox_status duovox_model_encode(duovox_model *model, duovox_ring *ring, const duovox_batch_shape *shape,
                                             int32_t layer, int32_t channel, float *out, int64_t capacity);

/** Class scores of a batch in evaluation mode. @param[out] logits (B, C); capacity in floats */
DUOVOX_API duovox_status duovox_model_classify(duovox_model *model, duovox_ring *ring, const duovox_batch_shape *shape,
                                               float *logits, int64_t capacity);

/**
 * Counts the operations of one forward pass over a batch while it runs.
 * @param[out] flops floating-point operations of all matrix products, convolutions and recurrences, 2 for each multiplication
 *   and addition
 */
DUOVOX_API duovox_status duovox_model_flops(duovox_model *model, duovox_ring *ring, const duovox_batch_shape *shape,
                                            double *flops);

/* --------------------------------------------------------------------------------------------------------- training */

/** Optimizer, schedule and meters of one training; borrows its model, which must outlive it. */
typedef struct duovox_trainer duovox_trainer;

enum duovox_objective {
  DUOVOX_PRETRAIN = 0, /**< masked context prediction (cross-entropy) and masked context reconstruction (L1) */
  DUOVOX_CLASSIFY = 1, /**< cross-entropy of the classification head, all parameters trained */
  DUOVOX_PROBE = 2     /**< the same with the encoder frozen and in evaluation mode: a linear probe */
};

/** The target of masked context reconstruction. Both are standardized by the codebook: minus the mean over its codes, divided
 * by the root mean square of the differences. */
enum duovox_mcr_target {
  DUOVOX_TARGET_CODEBOOK = 0, /**< codebook vector of the true unit */
  DUOVOX_TARGET_FEATURE = 1   /**< the batch's own representations: mean continuous feature of the merged token */
};

typedef struct duovox_train_config {
  int32_t objective;         /**< duovox_objective */
  int32_t mcr_target;        /**< duovox_mcr_target */
  int64_t steps;             /**< of the schedule */
  int64_t warmup;            /**< steps of linear warm-up, then linear decay to 0 at steps */
  double learning_rate;      /**< 1e-4 */
  double beta1;              /**< 0.9 */
  double beta2;              /**< 0.999 */
  double epsilon;            /**< 1e-8 */
  double weight_decay;       /**< 0.01; not on biases and norms */
  double clip;               /**< largest gradient norm; 1.0; 0 = no clipping */
  double mcp_weight;         /**< 1 */
  double mcr_weight;         /**< 1; 0 without a codebook (one that was never written, or of equal vectors only) */
  double label_smoothing;    /**< of DUOVOX_CLASSIFY and DUOVOX_PROBE, in the loss of steps; an evaluation's loss never has it; 0 */
  double spike_threshold;    /**< a loss this many standard deviations above its running mean is a spike; 0 = off; 6 */
  int32_t spike_skip;        /**< 1: the update of a spike is skipped; 0 */
  int32_t spike_warmup;      /**< steps before the running mean is trusted; 100 */
  double loss_scale;         /**< first loss scale of DUOVOX_FP16; 65536 */
  double scale_growth;       /**< 2 */
  double scale_backoff;      /**< 0.5 */
  int64_t scale_interval;    /**< finite steps before the scale grows; 2000 */
  uint64_t seed;             /**< of dropout */
} duovox_train_config;

/**
 * Means since the last report, except step, learning_rate and loss_scale, which are current values, and units, targets,
 * skipped and spikes, which are counts. Skipped steps are in none of the means. A mean over nothing is NaN, never 0: without
 * targets, or when all steps were skipped; accuracy, predicted_* and target_* also when no codes are predicted
 * (mcp_weight = 0). All means of duovox_trainer_evaluation() are NaN when any of its batches was not finite (skipped > 0),
 * because a mean over the other batches would be misleading.
 */
typedef struct duovox_train_report {
  int64_t step;
  int64_t units;           /**< contextual tokens and phonetic units read since the last report, padding excluded, skipped
                                ones included */
  int64_t targets;         /**< positions (or utterances) with a loss since the last report, skipped ones included */
  double loss;
  double mcp;              /**< masked context prediction, cross-entropy in nats; the classification loss of DUOVOX_CLASSIFY and DUOVOX_PROBE */
  double mcr;              /**< masked context reconstruction, mean absolute error to the standardized codebook vector */
  double accuracy;         /**< share of targets predicted exactly */
  double learning_rate;
  double gradient_norm;    /**< before clipping */
  double loss_scale;       /**< 1 unless the precision is DUOVOX_FP16 */
  int64_t skipped;         /**< steps whose loss or gradient was not finite: no parameter changed; of an evaluation: batches
                                (calls, in however many parts) whose loss was not finite */
  int64_t first_skipped;   /**< the first of these steps; 0 for none */
  int64_t spikes;          /**< steps whose loss was a spike */
  int64_t first_spike;     /**< the first of these steps; 0 for none */
  double predicted_entropy; /**< of the codes (or classes) predicted most likely, over all targets, in nats */
  double predicted_top;    /**< share of the one predicted most often */
  double target_entropy;   /**< of the true codes, in nats */
  double target_top;       /**< share of the most frequent true code */
} duovox_train_report;

/** Outputs of duovox_trainer_forward(). Pointers are buffers to fill, NULL for outputs that are not wanted; rows beyond a length
 * are 0. Capacities in floats. */
typedef struct duovox_forward {
  float *contextual;           /**< (B, T, H) after the last layer and its interaction */
  float *phonetic;             /**< (B, T, H) */
  float *logits;               /**< (B, T, V), or (B, T, V + 4) with head_specials: masked context prediction at every token */
  float *reconstruction;       /**< (B, T, R): masked context reconstruction at every token */
  int64_t contextual_capacity;
  int64_t phonetic_capacity;
  int64_t logits_capacity;
  int64_t reconstruction_capacity;
  double loss;                 /**< as in duovox_train_report, at the batch's targets; NaN, as mcp and mcr, without any */
  double mcp;
  double mcr;
} duovox_forward;

/** @param[out] config the documented defaults. */
DUOVOX_API duovox_status duovox_train_config_init(duovox_train_config *config);

/** @param[out] out new handle; free it with duovox_trainer_destroy(). */
DUOVOX_API duovox_status duovox_trainer_create(duovox_model *model, const duovox_train_config *config,
                                               duovox_trainer **out);

/**
 * Takes one optimizer step on the given batches (or parts of a batch) together: losses are means over the targets of all of
 * them. On the CPU, dropout masks depend on the seed, the step and a token's place among all tokens, so that cutting a batch
 * into parts changes only rounding. On CUDA (experimental) each part draws masks of its own, so that with dropout > 0 another
 * cut gives other masks. The call does not wait for the device, except with DUOVOX_FP16, where the step may have to be
 * repeated with a smaller loss scale; losses come with the next report. After DUOVOX_OUT_OF_MEMORY nothing has changed, and
 * the same step may be tried in smaller parts.
 * @param[in] parts (count), in the order of their tokens
 */
DUOVOX_API duovox_status duovox_trainer_step(duovox_trainer *trainer, duovox_ring *ring, const duovox_batch_shape *parts,
                                             int32_t count);

/**
 * Computes loss and accuracy on one batch, or on the parts of one, in evaluation mode, without a step, and adds them to the
 * next duovox_trainer_evaluation(), weighted by targets, so that cutting a batch changes only rounding. All or nothing: after
 * any status but DUOVOX_OK no part is counted, and after DUOVOX_OUT_OF_MEMORY the same batch may be evaluated again in smaller
 * parts.
 * @param[in] parts (count)
 */
DUOVOX_API duovox_status duovox_trainer_evaluate(duovox_trainer *trainer, duovox_ring *ring,
                                                 const duovox_batch_shape *parts, int32_t count);

/** Returns the means of the steps since the last report; waits for the device. */
DUOVOX_API duovox_status duovox_trainer_report(duovox_trainer *trainer, duovox_train_report *report);

/** Returns the means of the batches evaluated since the last call; gradient_norm is 0. */
DUOVOX_API duovox_status duovox_trainer_evaluation(duovox_trainer *trainer, duovox_train_report *report);

/**
 * Outputs and losses of a batch in evaluation mode; no step.
 * @param[in] gradients 1: also the gradient of the loss for duovox_trainer_gradient(), until the next call of this trainer
 * @param[in,out] forward buffers to fill, and losses
 */
DUOVOX_API duovox_status duovox_trainer_forward(duovox_trainer *trainer, duovox_ring *ring, const duovox_batch_shape *shape,
                                                int32_t gradients, duovox_forward *forward);

/** Gradient of the model's tensor index after duovox_trainer_forward(); zeros where the loss does not depend on it.
 * @param[out] values shape of the tensor; capacity in floats */
DUOVOX_API duovox_status duovox_trainer_gradient(duovox_trainer *trainer, int32_t index, float *values, int64_t capacity);

/**
 * Number of tensors of the trainer's state. Together with the model's tensors, the configurations and the caller's place in the
 * data they are all that a training needs to resume bit by bit on the same device with the same number of threads.
 */
DUOVOX_API duovox_status duovox_trainer_tensors(duovox_trainer *trainer, int32_t *count);

/** @param[out] info name and shape, e.g. "optimizer.mean.heads.mcp.dense.weight", "progress", "loss_scale". */
DUOVOX_API duovox_status duovox_trainer_tensor(duovox_trainer *trainer, int32_t index, duovox_parameter_info *info);

/** @param[out] values the tensor in its dtype, row-major; capacity in bytes. Waits for the device. */
DUOVOX_API duovox_status duovox_trainer_read(duovox_trainer *trainer, int32_t index, void *values, int64_t capacity);

/** @param[in] values the tensor in its dtype, with the bytes of duovox_trainer_read(). */
DUOVOX_API duovox_status duovox_trainer_write(duovox_trainer *trainer, int32_t index, const void *values, int64_t bytes);

/** NULL is allowed; cannot fail. */
DUOVOX_API void duovox_trainer_destroy(duovox_trainer *trainer);

#ifdef __cplusplus
}
#endif

#endif /* DUOVOX_DUOVOX_H */
