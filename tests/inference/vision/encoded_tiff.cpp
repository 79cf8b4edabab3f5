#include <algorithm>

#include "tests/inference/vision/encoded_images.h"

namespace vl::test {
namespace {

constexpr std::uint32_t kShort = 3;
constexpr std::uint32_t kLong = 4;
constexpr std::uint32_t kStripOffsets = 273;
constexpr std::uint32_t kTileOffsets = 324;

struct Entry {
  std::uint32_t tag = 0;
  std::uint32_t type = kShort;
  std::vector<std::uint32_t> values;

  std::uint32_t bytes() const {
    return static_cast<std::uint32_t>(values.size()) * (type == kShort ? 2 : 4);
  }
  bool fitsInside() const { return bytes() <= 4; }
};

std::uint32_t ceilDivide(std::uint32_t value, std::uint32_t by) { return (value + by - 1) / by; }

/// Whole tiles in row order; what lies outside the picture is filled with 0xee.
Samples cutIntoTiles(const TiffSpec& spec) {
  const std::size_t pixelBytes = spec.samplesPerPixel * spec.bitsPerSample / 8;
  const std::uint32_t side = spec.tileSide;
  Samples tiles;
  for (std::uint32_t top = 0; top < spec.height; top += side) {
    for (std::uint32_t left = 0; left < spec.width; left += side) {
      for (std::uint32_t i = 0; i < side * side; ++i) {
        const std::size_t x = left + i % side;
        const std::size_t y = top + i / side;
        const bool inside = x < spec.width && y < spec.height;
        for (std::size_t byte = 0; byte < pixelBytes; ++byte) {
          tiles.push_back(inside ? spec.samples[(y * spec.width + x) * pixelBytes + byte] : 0xee);
        }
      }
    }
  }
  return tiles;
}

/// The directory in order of tags. Offsets of strips and tiles count from the first sample.
std::vector<Entry> entriesOf(const TiffSpec& spec, std::uint32_t sampleBytes) {
  const bool tiled = spec.tileSide != 0;
  const std::uint32_t blockWidth = tiled ? spec.tileSide : spec.width;
  const std::uint32_t blockHeight = tiled ? spec.tileSide : spec.rowsPerStrip;
  const std::uint32_t blocks =
      (tiled ? ceilDivide(spec.width, blockWidth) : 1) * ceilDivide(spec.height, blockHeight);
  const std::uint32_t blockBytes =
      ceilDivide(blockWidth * spec.samplesPerPixel * spec.bitsPerSample, 8) * blockHeight;
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> counts;
  for (std::uint32_t i = 0; i < blocks; ++i) {
    offsets.push_back(i * blockBytes);
    counts.push_back(std::min(blockBytes, sampleBytes - std::min(sampleBytes, offsets.back())));
  }

  std::vector<Entry> entries{
      {256, kLong, {spec.width}},
      {257, kLong, {spec.height}},
      {258, kShort, std::vector<std::uint32_t>(spec.samplesPerPixel, spec.bitsPerSample)},
      {259, kShort, {1}},  // no compression
      {262, kShort, {spec.photometric}},
      {277, kShort, {spec.samplesPerPixel}},
      {284, kShort, {1}}};  // samples of a pixel side by side
  if (tiled) {
    entries.push_back({322, kLong, {spec.tileSide}});
    entries.push_back({323, kLong, {spec.tileSide}});
    entries.push_back({kTileOffsets, kLong, offsets});
    entries.push_back({325, kLong, counts});
  } else {
    entries.push_back({kStripOffsets, kLong, offsets});
    entries.push_back({278, kLong, {spec.rowsPerStrip}});
    entries.push_back({279, kLong, counts});
  }
  if (spec.orientation) entries.push_back({274, kShort, {*spec.orientation}});
  if (spec.extraSamples) entries.push_back({338, kShort, {*spec.extraSamples}});
  if (spec.sampleFormat) entries.push_back({339, kShort, {*spec.sampleFormat}});
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.tag < b.tag; });
  return entries;
}

void putValues(const Entry& entry, ByteWriter& out) {
  for (const std::uint32_t value : entry.values) {
    if (entry.type == kShort) {
      out.u16(value);
    } else {
      out.u32(value);
    }
  }
}

}  // namespace

Bytes tiffFile(const TiffSpec& spec) {
  const Samples samples = spec.tileSide != 0 ? cutIntoTiles(spec) : spec.samples;
  const auto sampleBytes = static_cast<std::uint32_t>(samples.size());
  std::vector<Entry> entries = entriesOf(spec, sampleBytes);

  std::uint32_t tableBytes = 0;  // of the values that do not fit into their entry
  for (const Entry& entry : entries) tableBytes += entry.fitsInside() ? 0 : entry.bytes();
  const auto directoryBytes = static_cast<std::uint32_t>(2 + 12 * entries.size() + 4);
  const std::uint32_t tablesAt = spec.directoryLast ? 8 : 8 + directoryBytes;
  const std::uint32_t samplesAt = tablesAt + tableBytes;
  const std::uint32_t directoryAt = spec.directoryLast ? samplesAt + sampleBytes : 8;

  ByteWriter directory(spec.order);
  ByteWriter tables(spec.order);
  directory.u16(static_cast<std::uint32_t>(entries.size()));
  for (Entry& entry : entries) {
    if (entry.tag == kStripOffsets || entry.tag == kTileOffsets) {
      for (std::uint32_t& offset : entry.values) offset += samplesAt;
    }
    directory.u16(entry.tag).u16(entry.type).u32(static_cast<std::uint32_t>(entry.values.size()));
    if (entry.fitsInside()) {
      putValues(entry, directory);
      for (std::uint32_t i = entry.bytes(); i < 4; ++i) directory.u8(0);
    } else {
      directory.u32(tablesAt + static_cast<std::uint32_t>(tables.result().size()));
      putValues(entry, tables);
    }
  }
  directory.u32(0);  // no further directory

  ByteWriter out(spec.order);
  out.text(spec.order == std::endian::little ? "II" : "MM").u16(42).u32(directoryAt);
  if (!spec.directoryLast) out.bytes(directory.result());
  out.bytes(tables.result()).samples(samples);
  if (spec.directoryLast) out.bytes(directory.result());
  return out.result();
}

}  // namespace vl::test
