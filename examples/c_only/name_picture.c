// name_picture MODEL PICTURE: prints the probability of each class, or the number.
#include <graft.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: name_picture MODEL PICTURE\n");
    return 2;
  }
  graft_model* model;
  if (graft_model_load(argv[1], "auto", 0, &model) != GRAFT_OK) {
    fprintf(stderr, "name_picture: %s\n", graft_last_error());
    return 1;
  }
  const size_t count = graft_model_num_outputs(model);
  float* outputs = malloc(count * sizeof *outputs);
  const int result =
      outputs != NULL ? graft_predict_file(model, argv[2], outputs, count) : GRAFT_ERROR_ENGINE;
  if (result == GRAFT_OK) {
    for (size_t i = 0; i < count; ++i) printf("%s %.4f\n", graft_model_output_name(model, i), outputs[i]);
  } else {
    fprintf(stderr, "name_picture: %s\n", graft_last_error());
  }
  free(outputs);
  graft_model_free(model);
  return result == GRAFT_OK ? 0 : 1;
}
