// graft_c_test FOLDER: tests of the C interface on the files that write_models makes.
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "graft.h"
#include "graft/core/version.h"

enum { max_features = 4096, max_outputs = 3, num_models = 3, num_pictures = 4, num_threads = 8 };

static const char* const model_names[num_models] = {"single", "multi", "number"};
static const char* const picture_names[num_pictures] = {"0.ppm", "1.ppm", "2.ppm", "1.jpg"};
static const int model_tasks[num_models] = {GRAFT_TASK_SINGLE, GRAFT_TASK_MULTI, GRAFT_TASK_NUMBER};
static const size_t model_outputs[num_models] = {3, 3, 1};
static const char* const class_names[max_outputs] = {"ant", "bee", "Käfer"};

struct bytes {
  unsigned char* data;
  size_t size;
};

static const char* folder;
static graft_model* models[num_models];
static size_t num_features;
static struct bytes pictures[num_pictures];
// What Predictor gives.
static float expected_outputs[num_models][num_pictures][max_outputs];
static float expected_features[num_models][num_pictures][max_features];

static int failures;

static void report_failure(const char* condition, int line) {
  fprintf(stderr, "%s:%d: %s is false; the last error is \"%s\"\n", __FILE__, line, condition,
          graft_last_error());
  ++failures;
}

#define EXPECT(condition) ((condition) ? (void)0 : report_failure(#condition, __LINE__))

// The call fails with the code, and the message has the text.
#define EXPECT_ERROR(call, code, text) EXPECT((call) == (code) && strstr(graft_last_error(), (text)) != NULL)

// A path in the folder, valid until the eighth next call.
static const char* path_of(const char* name) {
  static char paths[8][4096];
  static int next;
  char* path = paths[next++ % 8];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static FILE* opened(const char* name) {
  FILE* file = fopen(path_of(name), "rb");
  if (file == NULL) {
    fprintf(stderr, "%s/%s cannot be read\n", folder, name);
    exit(1);
  }
  return file;
}

static struct bytes read_file(const char* name) {
  FILE* file = opened(name);
  struct bytes bytes = {calloc(1, 1 << 20), 0};
  bytes.size = fread(bytes.data, 1, 1 << 20, file);
  fclose(file);
  return bytes;
}

static void read_expected(void) {
  FILE* file = opened("expected.txt");
  for (int m = 0; m < num_models; ++m) {
    for (int p = 0; p < num_pictures; ++p) {
      char model[16], picture[16];
      int complete = fscanf(file, "%15s %15s", model, picture) == 2 && strcmp(model, model_names[m]) == 0 &&
                     strcmp(picture, picture_names[p]) == 0;
      for (size_t i = 0; i < model_outputs[m]; ++i)
        complete = complete && fscanf(file, "%f", &expected_outputs[m][p][i]) == 1;
      for (size_t i = 0; i < num_features; ++i)
        complete = complete && fscanf(file, "%f", &expected_features[m][p][i]) == 1;
      if (!complete) {
        fprintf(stderr, "expected.txt: the line of %s and %s\n", model_names[m], picture_names[p]);
        exit(1);
      }
    }
  }
  char rest;
  EXPECT(fscanf(file, " %c", &rest) == EOF);
  fclose(file);
}

static int near(const float* values, const float* expected, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!(fabsf(values[i] - expected[i]) <= 1e-6F * (1 + fabsf(expected[i])))) return 0;
  }
  return 1;
}

// Whether both results of a model for a picture are Predictor's, in arrays whose last element stays.
#define EXPECT_RESULTS(m, p, predict, features)                                            \
  do {                                                                                     \
    float outputs[max_outputs + 1], values[max_features + 1];                              \
    const size_t count = model_outputs[m];                                                 \
    outputs[count] = values[num_features] = -1;                                            \
    EXPECT((predict) == GRAFT_OK && near(outputs, expected_outputs[m][p], count));         \
    EXPECT((features) == GRAFT_OK && near(values, expected_features[m][p], num_features)); \
    EXPECT(outputs[count] == -1 && values[num_features] == -1);                            \
  } while (0)

// The pixels of a PPM file with three numbers in its header, and the same as BGR in padded rows.
struct pixels {
  int height, width;
  const unsigned char* rgb;
  size_t bgr_stride;
  unsigned char* bgr;
};

static struct pixels pixels_of(const struct bytes* ppm) {
  struct pixels pixels = {0, 0, NULL, 0, NULL};
  int header = 0;
  EXPECT(sscanf((const char*)ppm->data, "P6\n%d %d\n255%n", &pixels.width, &pixels.height, &header) == 2);
  const size_t row = 3 * (size_t)pixels.width;
  pixels.rgb = ppm->data + header + 1;
  pixels.bgr_stride = row + 13;
  pixels.bgr = malloc(pixels.bgr_stride * (size_t)pixels.height);
  memset(pixels.bgr, 200, pixels.bgr_stride * (size_t)pixels.height);
  for (size_t y = 0; y < (size_t)pixels.height; ++y) {
    for (size_t i = 0; i < row; ++i)
      pixels.bgr[y * pixels.bgr_stride + i] = pixels.rgb[y * row + i / 3 * 3 + 2 - i % 3];
  }
  return pixels;
}

static void load_models(void) {
  for (int m = 0; m < num_models; ++m) {
    EXPECT(graft_model_load(path_of(model_names[m]), "cpu", 1, &models[m]) == GRAFT_OK);
    if (models[m] == NULL) exit(1);
  }
}

static void test_descriptions(void) {
  EXPECT(strcmp(graft_version(), EXPECTED_VERSION) == 0);
  EXPECT(strcmp(GRAFT_VERSION, EXPECTED_VERSION) == 0);
  EXPECT(strcmp(graft_last_error(), "") == 0);
  for (int m = 0; m < num_models; ++m) {
    EXPECT(graft_model_task(models[m]) == model_tasks[m]);
    EXPECT(graft_model_num_outputs(models[m]) == model_outputs[m]);
    EXPECT(graft_model_num_features(models[m]) == num_features);
    EXPECT(graft_model_input_size(models[m]) == 64);
  }
  for (size_t i = 0; i < max_outputs; ++i) {
    EXPECT(strcmp(graft_model_output_name(models[0], i), class_names[i]) == 0);
    EXPECT(strcmp(graft_model_output_name(models[1], i), class_names[i]) == 0);
  }
  EXPECT(strcmp(graft_model_output_name(models[2], 0), "age") == 0);
}

static void test_results(void) {
  // No picture's results pass as another's.
  for (int p = 0; p < num_pictures; ++p) {
    for (int other = 0; other < p; ++other) {
      for (int m = 0; m < num_models; ++m)
        EXPECT(!near(expected_outputs[m][p], expected_outputs[m][other], model_outputs[m]));
      EXPECT(!near(expected_features[0][p], expected_features[0][other], num_features));
    }
  }
  for (int m = 0; m < num_models; ++m) {
    const graft_model* model = models[m];
    for (int p = 0; p < num_pictures; ++p) {
      const char* path = path_of(picture_names[p]);
      EXPECT_RESULTS(m, p, graft_predict_file(model, path, outputs, count),
                     graft_features_file(model, path, values, num_features));
      const struct bytes* file = &pictures[p];
      EXPECT_RESULTS(m, p, graft_predict_encoded(model, file->data, file->size, outputs, count),
                     graft_features_encoded(model, file->data, file->size, values, num_features));
      if (strstr(picture_names[p], ".ppm") == NULL) continue;
      const struct pixels x = pixels_of(file);
      const size_t stride = 3 * (size_t)x.width;
      EXPECT_RESULTS(
          m, p, graft_predict_pixels(model, x.rgb, x.height, x.width, stride, GRAFT_RGB, outputs, count),
          graft_features_pixels(model, x.rgb, x.height, x.width, stride, GRAFT_RGB, values, num_features));
      EXPECT_RESULTS(
          m, p,
          graft_predict_pixels(model, x.bgr, x.height, x.width, x.bgr_stride, GRAFT_BGR, outputs, count),
          graft_features_pixels(model, x.bgr, x.height, x.width, x.bgr_stride, GRAFT_BGR, values,
                                num_features));
      float outputs[max_outputs];
      EXPECT(graft_predict_pixels(model, x.bgr, x.height, x.width, x.bgr_stride, GRAFT_RGB, outputs,
                                  max_outputs) == GRAFT_OK);
      EXPECT(!near(outputs, expected_outputs[m][p], model_outputs[m]));
      free(x.bgr);
    }
  }
}

static void test_loading(void) {
  const char* path = path_of("single");
  graft_model* model = NULL;
  EXPECT(graft_model_load(path, NULL, 1, &model) == GRAFT_OK && graft_model_num_outputs(model) == 3);
  graft_model_free(model);
  graft_model_free(NULL);
  EXPECT_ERROR(graft_model_load(NULL, "cpu", 1, &model), GRAFT_ERROR_ARGUMENT, "`path`: is NULL");
  EXPECT(model == NULL);
  EXPECT_ERROR(graft_model_load(path, "cpu", 1, NULL), GRAFT_ERROR_ARGUMENT, "`model`: is NULL");
  EXPECT_ERROR(graft_model_load(path, "cpu", -1, &model), GRAFT_ERROR_ARGUMENT, "`threads`: -1");
  EXPECT_ERROR(graft_model_load(path, "cpu", 5000, &model), GRAFT_ERROR_ARGUMENT, "`threads`: 5000");
  EXPECT_ERROR(graft_model_load("", "cpu", 1, &model), GRAFT_ERROR_ARGUMENT, "`path`: is empty");
  EXPECT_ERROR(graft_model_load(path, "gpu", 1, &model), GRAFT_ERROR_ARGUMENT, "\"gpu\" is not a device");
  EXPECT_ERROR(graft_model_load(path, "cuda:99", 1, &model), GRAFT_ERROR_INPUT, "cuda:99");
  EXPECT_ERROR(graft_model_load(path_of("none"), "cpu", 1, &model), GRAFT_ERROR_INPUT, "/none");
  EXPECT_ERROR(graft_model_load(path_of("0.ppm"), "cpu", 1, &model), GRAFT_ERROR_INPUT, "0.ppm");
  EXPECT(model == NULL);
}

static void test_description_errors(void) {
  EXPECT_ERROR(graft_model_task(NULL), 0, "`model`: is NULL");
  EXPECT_ERROR(graft_model_num_outputs(NULL), 0, "`model`: is NULL");
  EXPECT_ERROR(graft_model_num_features(NULL), 0, "`model`: is NULL");
  EXPECT_ERROR(graft_model_input_size(NULL), 0, "`model`: is NULL");
  EXPECT_ERROR(graft_model_output_name(NULL, 0), NULL, "`model`: is NULL");
  EXPECT_ERROR(graft_model_output_name(models[0], 3), NULL, "`index`: 3 is not below 3");
  EXPECT_ERROR(graft_model_output_name(models[2], 1), NULL, "`index`: 1 is not below 1");
  EXPECT_ERROR(graft_model_output_name(models[0], (size_t)-1), NULL, "`index`");
}

// A failing call for each source with a result that is too short or NULL, and without a model.
#define EXPECT_RESULT_ERRORS(call, name, needed)                         \
  do {                                                                   \
    const graft_model* model = models[0];                                \
    float* result = values;                                              \
    size_t count = (needed)-1;                                           \
    EXPECT_ERROR(call, GRAFT_ERROR_ARGUMENT, "`count`: ");               \
    count = 0;                                                           \
    EXPECT_ERROR(call, GRAFT_ERROR_ARGUMENT, "`count`: 0 is less than"); \
    count = max_features;                                                \
    result = NULL;                                                       \
    EXPECT_ERROR(call, GRAFT_ERROR_ARGUMENT, name ": is NULL");          \
    result = values;                                                     \
    model = NULL;                                                        \
    EXPECT_ERROR(call, GRAFT_ERROR_ARGUMENT, "`model`: is NULL");        \
  } while (0)

static void test_result_errors(void) {
  static float values[max_features];
  const char* path = path_of("0.ppm");
  const struct bytes file = pictures[0];
  static const unsigned char black[12];
  values[0] = 7;
  EXPECT_RESULT_ERRORS(graft_predict_file(model, path, result, count), "`outputs`", 3);
  EXPECT_RESULT_ERRORS(graft_predict_encoded(model, file.data, file.size, result, count), "`outputs`", 3);
  EXPECT_RESULT_ERRORS(graft_predict_pixels(model, black, 2, 2, 6, GRAFT_RGB, result, count), "`outputs`", 3);
  EXPECT_RESULT_ERRORS(graft_features_file(model, path, result, count), "`features`", num_features);
  EXPECT_RESULT_ERRORS(graft_features_encoded(model, file.data, file.size, result, count), "`features`",
                       num_features);
  EXPECT_RESULT_ERRORS(graft_features_pixels(model, black, 2, 2, 6, GRAFT_RGB, result, count), "`features`",
                       num_features);
  EXPECT(values[0] == 7);
}

// The same error from the function for predictions and that for features.
#define EXPECT_BOTH(source, arguments, code, text)               \
  do {                                                           \
    EXPECT_ERROR(graft_predict_##source arguments, code, text);  \
    EXPECT_ERROR(graft_features_##source arguments, code, text); \
  } while (0)

static void test_picture_errors(void) {
  static float values[max_features];
  const size_t count = max_features;
  const graft_model* model = models[0];
  static unsigned char black[12];
  values[0] = 7;
  EXPECT_BOTH(file, (model, NULL, values, count), GRAFT_ERROR_ARGUMENT, "`path`: is NULL");
  EXPECT_BOTH(file, (model, path_of("none.jpg"), values, count), GRAFT_ERROR_INPUT, "/none.jpg");
  EXPECT_BOTH(file, (model, "", values, count), GRAFT_ERROR_ARGUMENT, "`path`: is empty");
  EXPECT_BOTH(file, (model, folder, values, count), GRAFT_ERROR_INPUT, folder);
  EXPECT_BOTH(file, (model, path_of("damaged.jpg"), values, count), GRAFT_ERROR_INPUT, "damaged.jpg");
  EXPECT_BOTH(file, (model, path_of("single"), values, count), GRAFT_ERROR_INPUT, "/single");

  EXPECT_BOTH(encoded, (model, NULL, 10, values, count), GRAFT_ERROR_ARGUMENT, "`bytes`: is NULL");
  EXPECT_BOTH(encoded, (model, NULL, 0, values, count), GRAFT_ERROR_ARGUMENT, "`bytes`: is NULL");
  EXPECT_BOTH(encoded, (model, black, 0, values, count), GRAFT_ERROR_INPUT, "is empty");
  EXPECT_BOTH(encoded, (model, black, 12, values, count), GRAFT_ERROR_INPUT, "the picture: ");
  EXPECT_BOTH(encoded, (model, pictures[3].data, pictures[3].size / 2, values, count), GRAFT_ERROR_INPUT,
              "the picture: ");

  EXPECT_BOTH(pixels, (model, NULL, 2, 2, 6, GRAFT_RGB, values, count), GRAFT_ERROR_ARGUMENT,
              "`pixels`: is NULL");
  EXPECT_BOTH(pixels, (model, black, 2, 2, 6, 2, values, count), GRAFT_ERROR_ARGUMENT, "`order`: 2");
  EXPECT_BOTH(pixels, (model, black, 2, 2, 6, -1, values, count), GRAFT_ERROR_ARGUMENT, "`order`: -1");
  EXPECT_BOTH(pixels, (model, black, 2, 2, 5, GRAFT_RGB, values, count), GRAFT_ERROR_INPUT, "a stride of 5");
  EXPECT_BOTH(pixels, (model, black, 2, 2, 0, GRAFT_RGB, values, count), GRAFT_ERROR_INPUT, "a stride of 0");
  EXPECT_BOTH(pixels, (model, black, 0, 2, 6, GRAFT_RGB, values, count), GRAFT_ERROR_INPUT, "no pixels");
  EXPECT_BOTH(pixels, (model, black, 2, -2, 6, GRAFT_RGB, values, count), GRAFT_ERROR_INPUT, "no pixels");
  EXPECT_BOTH(pixels, (model, black, 2147483647, 2147483647, (size_t)-1, GRAFT_RGB, values, count),
              GRAFT_ERROR_INPUT, "more than");
  EXPECT(values[0] == 7);
}

// 48 MB of pixels are copied, and the process may allocate only 16 MB.
static void test_engine_error(void) {
  const int side = 4000;
  const size_t stride = 3 * (size_t)side;
  unsigned char* pixels = calloc((size_t)side, stride);
  float outputs[max_outputs];
  long pages = 0;
  FILE* file = fopen("/proc/self/statm", "r");
  EXPECT(file != NULL && fscanf(file, "%ld", &pages) == 1);
  fclose(file);
  struct rlimit before, few;
  getrlimit(RLIMIT_AS, &before);
  few = before;
  few.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (16 << 20);
  EXPECT(setrlimit(RLIMIT_AS, &few) == 0);
  EXPECT_ERROR(graft_predict_pixels(models[0], pixels, side, side, stride, GRAFT_BGR, outputs, max_outputs),
               GRAFT_ERROR_ENGINE, "memory ran out");
  EXPECT(setrlimit(RLIMIT_AS, &before) == 0);
  EXPECT(graft_predict_pixels(models[0], pixels, side, side, stride, GRAFT_BGR, outputs, max_outputs) ==
         GRAFT_OK);
  free(pixels);
}

// A success leaves the message of the last error.
static void test_last_error(void) {
  float outputs[max_outputs];
  EXPECT_ERROR(graft_predict_file(models[0], path_of("none.jpg"), outputs, 3), GRAFT_ERROR_INPUT, "none.jpg");
  EXPECT(graft_predict_file(models[0], path_of("0.ppm"), outputs, 3) == GRAFT_OK);
  EXPECT(strstr(graft_last_error(), "none.jpg") != NULL);
}

struct work {
  int number;
  int failures;
};

// All models and pictures, beginning elsewhere in each thread, and errors, whose messages stay the thread's
// own.
static void* work(void* argument) {
  struct work* work = argument;
  float outputs[max_outputs], values[max_features];
  char missing[4096], picture[4096];
  snprintf(missing, sizeof missing, "%s/missing-%d.jpg", folder, work->number);
  if (strcmp(graft_last_error(), "") != 0) ++work->failures;
  for (int i = 0; i < num_models * num_pictures; ++i) {
    const int at = i + work->number, m = at % num_models, p = at / num_models % num_pictures;
    const struct bytes* file = &pictures[p];
    snprintf(picture, sizeof picture, "%s/%s", folder, picture_names[p]);
    const int right =
        graft_predict_file(models[m], missing, outputs, max_outputs) == GRAFT_ERROR_INPUT &&
        graft_predict_file(models[m], picture, outputs, max_outputs) == GRAFT_OK &&
        near(outputs, expected_outputs[m][p], model_outputs[m]) &&
        graft_features_encoded(models[m], file->data, file->size, values, num_features) == GRAFT_OK &&
        near(values, expected_features[m][p], num_features) && strstr(graft_last_error(), missing) != NULL;
    if (!right) ++work->failures;
  }
  return NULL;
}

static void test_threads(void) {
  pthread_t threads[num_threads];
  struct work works[num_threads];
  for (int i = 0; i < num_threads; ++i) {
    works[i].number = i;
    works[i].failures = 0;
    EXPECT(pthread_create(&threads[i], NULL, work, &works[i]) == 0);
  }
  for (int i = 0; i < num_threads; ++i) {
    pthread_join(threads[i], NULL);
    EXPECT(works[i].failures == 0);
  }
}

int version_in_cpp(char* version, size_t size);  // header_in_cpp.cpp

static void test_header_in_cpp(void) {
  char version[16];
  EXPECT(version_in_cpp(version, sizeof version) == GRAFT_ERROR_ARGUMENT);
  EXPECT(strcmp(version, EXPECTED_VERSION) == 0);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  folder = argv[1];
  load_models();
  num_features = graft_model_num_features(models[0]);
  if (num_features < 1 || num_features > max_features) return 1;
  read_expected();
  for (int p = 0; p < num_pictures; ++p) pictures[p] = read_file(picture_names[p]);
  test_descriptions();
  test_results();
  test_loading();
  test_description_errors();
  test_result_errors();
  test_picture_errors();
  test_engine_error();
  test_last_error();
  test_threads();
  test_header_in_cpp();
  for (int m = 0; m < num_models; ++m) graft_model_free(models[m]);
  for (int p = 0; p < num_pictures; ++p) free(pictures[p].data);
  return failures == 0 ? 0 : 1;
}
