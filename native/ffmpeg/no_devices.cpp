// FFmpeg's libavdevice without devices. The packaged FFmpeg needs the real one, which needs the
// libraries of a desktop (PulseAudio, ALSA, X11) and so keeps FFmpeg from starting in containers
// and on compute nodes. Duovox's child process only reads files and writes pipes. These are the
// functions that FFmpeg's programs call; their results mean "no devices" (libavdevice/avdevice.h).
#include <cerrno>

extern "C" {

void avdevice_register_all() {}

unsigned avdevice_version() { return 62U << 16U; }

const char* avdevice_configuration() { return ""; }

const void* av_input_audio_device_next(const void* /*previous*/) { return nullptr; }
const void* av_input_video_device_next(const void* /*previous*/) { return nullptr; }
const void* av_output_audio_device_next(const void* /*previous*/) { return nullptr; }
const void* av_output_video_device_next(const void* /*previous*/) { return nullptr; }

int avdevice_list_input_sources(const void* /*format*/, const char* /*name*/, void* /*options*/,
                                void** /*list*/) {
  return -ENOSYS;
}
int avdevice_list_output_sinks(const void* /*format*/, const char* /*name*/, void* /*options*/,
                               void** /*list*/) {
  return -ENOSYS;
}
void avdevice_free_list_devices(void** /*list*/) {}
}
