// What libjpeg has read of a header, for a decoder of our own.
#include "graft/image/jpeg_scan.h"

#include <algorithm>
#include <optional>

#include "graft/image/jpeg_decoder.h"

namespace graft {
namespace {

HuffmanCodes codes_of(const JHUFF_TBL& table) {
  HuffmanCodes codes;
  std::copy_n(table.bits, codes.counts.size(), codes.counts.begin());
  std::copy_n(table.huffval, codes.symbols.size(), codes.symbols.begin());
  return codes;
}

// Nothing where a table is missing.
std::optional<JpegScanComponent> scan_component(const jpeg_decompress_struct& decoder,
                                                const jpeg_component_info& info) {
  const auto known = [](int number, int tables) { return number >= 0 && number < tables; };
  if (!known(info.quant_tbl_no, NUM_QUANT_TBLS) || !known(info.dc_tbl_no, NUM_HUFF_TBLS) ||
      !known(info.ac_tbl_no, NUM_HUFF_TBLS))
    return {};
  const JQUANT_TBL* steps = decoder.quant_tbl_ptrs[info.quant_tbl_no];
  const JHUFF_TBL* dc = decoder.dc_huff_tbl_ptrs[info.dc_tbl_no];
  const JHUFF_TBL* ac = decoder.ac_huff_tbl_ptrs[info.ac_tbl_no];
  if (steps == nullptr || dc == nullptr || ac == nullptr) return {};
  JpegScanComponent component{.across = info.h_samp_factor, .down = info.v_samp_factor};
  std::copy_n(steps->quantval, component.steps.size(), component.steps.begin());
  component.dc = codes_of(*dc);
  component.ac = codes_of(*ac);
  return component;
}

}  // namespace

std::optional<JpegScan> JpegDecoder::only_scan() const {
  const bool sequential = decoder_.progressive_mode == FALSE && decoder_.arith_code == FALSE &&
                          decoder_.data_precision == 8 && decoder_.Ss == 0 && decoder_.Se == DCTSIZE2 - 1 &&
                          decoder_.Ah == 0 && decoder_.Al == 0;
  const J_COLOR_SPACE colours = decoder_.num_components == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
  if (!sequential || decoder_.err->num_warnings != 0 || decoder_.jpeg_color_space != colours ||
      decoder_.comps_in_scan != decoder_.num_components)
    return {};
  JpegScan scan{.size = size()};
  for (int i = 0; i < decoder_.num_components; ++i) {
    if (decoder_.cur_comp_info[i] != decoder_.comp_info + i) return {};
    const auto component = scan_component(decoder_, decoder_.comp_info[i]);
    if (!component) return {};
    scan.components.push_back(*component);
  }
  scan.restart_interval = decoder_.restart_interval;
  scan.codes = {source_.next_input_byte, source_.bytes_in_buffer};
  return scan;
}

}  // namespace graft
