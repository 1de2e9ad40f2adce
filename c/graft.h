// The C interface of graft: a trained model for programs that only predict, in C99, C++, and languages that
// call C (docs/c_interface.md has examples in Python and Rust).
//
//   graft_model* model;
//   float outputs[2];
//   if (graft_model_load("runs/pets", NULL, 1, &model) != GRAFT_OK ||
//       graft_predict_file(model, "mine.jpg", outputs, 2) != GRAFT_OK)
//     fprintf(stderr, "%s\n", graft_last_error());
//
// Results are written to arrays of the caller, whose length is constant for a model: only the model must be
// freed, and there is no struct whose layout a binding has to repeat. An array is written only on success.
//
// Errors: graft_model_load(), graft_predict_*() and graft_features_*() return GRAFT_OK or a GRAFT_ERROR code.
// The functions that describe a model return 0 or NULL for an invalid argument, which are no valid results of
// them. NULL is an invalid argument unless a function permits it. The message of an error belongs to the
// calling thread (graft_last_error), so that no object must be made or freed for it. No C++ exception leaves
// a function.
//
// Threads: any number of threads may call any functions at once, with one model or several. While
// graft_model_free() runs and afterwards, no thread may use that model. After fork(), a child process may use
// its parent's models on the CPU, with one compute thread per call; on an accelerator the functions fail.
//
// Strings are UTF-8 and end with NUL; a path is passed to the operating system as it is. Strings that
// functions return belong to the library.
//
// Compatibility: later versions only add functions to libgraft_c.so.0. Its symbols have versions (GRAFT_0.2),
// so that a program which needs a newer library fails when it is loaded.
#ifndef GRAFT_H
#define GRAFT_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define GRAFT_API __attribute__((visibility("default")))
#else
#define GRAFT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// Success, and the causes of an error.
enum {
  GRAFT_OK = 0,
  GRAFT_ERROR_ARGUMENT = 1,  // NULL, a value out of range, an unknown name, an array that is too short
  GRAFT_ERROR_INPUT = 2,     // the model, picture or device is missing, damaged or not supported
  GRAFT_ERROR_ENGINE = 3     // the machine lacks memory or threads, or libtorch failed
};

// What a model predicts for a picture (graft_model_task).
enum {
  GRAFT_TASK_SINGLE = 1,  // one class; outputs: probabilities whose sum is 1
  GRAFT_TASK_MULTI = 2,   // any number of classes, those of at least 0.5; outputs: a probability of each
  GRAFT_TASK_NUMBER = 3   // a number; output: the number, in the unit of the training labels
};

// The order of a pixel's three bytes.
enum { GRAFT_RGB = 0, GRAFT_BGR = 1 };

// A loaded model.
typedef struct graft_model graft_model;

// The version of the library: "0.2.0".
GRAFT_API const char* graft_version(void);

// The message of the last function that failed in the calling thread, on one line: where, what is wrong, what
// to do. Empty if none failed. Never NULL. Valid until the next function fails in this thread, or the thread
// ends.
GRAFT_API const char* graft_last_error(void);

// Loads a model and prepares it for prediction. `path`: a run folder or a model file. `device`: "auto" (or
// NULL) selects an accelerator if there is one, else the CPU; other names are torch's: "cpu", "cuda",
// "cuda:1". `threads`: compute threads per call; 0: the value of OMP_NUM_THREADS, else one for each available
// processor; at most 4096. The number is global to the process: the last one set applies to all models. 1 is
// best if many threads predict at once. On success `*model` is the model, to be freed with
// graft_model_free(); on failure it is NULL.
GRAFT_API int graft_model_load(const char* path, const char* device, int threads, graft_model** model);

// NULL is permitted and has no effect.
GRAFT_API void graft_model_free(graft_model* model);

// GRAFT_TASK_SINGLE, GRAFT_TASK_MULTI or GRAFT_TASK_NUMBER. 0: `model` is NULL.
GRAFT_API int graft_model_task(const graft_model* model);

// The number of classes; 1 for a model that predicts a number. 0: `model` is NULL.
GRAFT_API size_t graft_model_num_outputs(const graft_model* model);

// The name of a class, or of the number, by the index of the output. Valid until the model is freed. NULL if
// `index` is not below graft_model_num_outputs().
GRAFT_API const char* graft_model_output_name(const graft_model* model, size_t index);

// The number of values that graft_features_file() and its like write. 0: `model` is NULL.
GRAFT_API size_t graft_model_num_features(const graft_model* model);

// Height and width of the network's input in pixels. Pictures of any size are resized to it. 0: `model` is
// NULL.
GRAFT_API int graft_model_input_size(const graft_model* model);

// Prediction for one picture. `outputs` has room for `count` values, at least graft_model_num_outputs(); the
// values are written in the order of graft_model_output_name(). The same picture has the same outputs in all
// three forms.

GRAFT_API int graft_predict_file(const graft_model* model, const char* path, float* outputs, size_t count);

// The bytes of a picture file: JPEG, PNG, WebP, TIFF, BMP or PNM.
GRAFT_API int graft_predict_encoded(const graft_model* model, const void* bytes, size_t size, float* outputs,
                                    size_t count);

// Pixels of 8 bits per channel, three bytes each, in `order` GRAFT_RGB or GRAFT_BGR; upright and opaque. Rows
// run from top to bottom and begin `stride` bytes apart, at least 3 * width. The pixels are only read during
// the call. GRAFT_ERROR_INPUT: there are no pixels or too many, or the stride is shorter than a row.
GRAFT_API int graft_predict_pixels(const graft_model* model, const uint8_t* pixels, int height, int width,
                                   size_t stride, int order, float* outputs, size_t count);

// Features of one picture: the input of the network's last layer, for similarity search or another
// classifier. `features` has room for `count` values, at least graft_model_num_features(). The other
// parameters are those of graft_predict_file(), graft_predict_encoded() and graft_predict_pixels().

GRAFT_API int graft_features_file(const graft_model* model, const char* path, float* features, size_t count);
GRAFT_API int graft_features_encoded(const graft_model* model, const void* bytes, size_t size,
                                     float* features, size_t count);
GRAFT_API int graft_features_pixels(const graft_model* model, const uint8_t* pixels, int height, int width,
                                    size_t stride, int order, float* features, size_t count);

#ifdef __cplusplus
}
#endif

#endif  // GRAFT_H
