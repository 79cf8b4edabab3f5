#include "app/cli/comparison.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "inference/engine/conversation.h"

namespace vl {
namespace {

OrderedJson shareJson(const Share& share) {
  const std::optional<double> value = share.value();
  return value ? OrderedJson(*value) : OrderedJson();
}

OrderedJson scoresJson(const DistributionScores& scores) {
  return {{"places", scores.places()},
          {"kl_mean", scores.meanDivergence()},
          {"kl_p99", scores.divergence99()},
          {"top1_agreement", shareJson(scores.agreement())},
          {"sure_places", scores.sureAgreement().whole},
          {"sure_top1_agreement", shareJson(scores.sureAgreement())}};
}

std::string percent(const Share& share) {
  const std::optional<double> value = share.value();
  if (!value) return "-";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f %%", *value * 100);
  return text.data();
}

std::string row(const char* name, const DistributionScores& scores) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), "%-8s %8zu %11.3g %11.3g %11s %11s\n", name,
                scores.places(), scores.meanDivergence(), scores.divergence99(),
                percent(scores.agreement()).c_str(), percent(scores.sureAgreement()).c_str());
  return text.data();
}

Error different(const char* what) {
  return {ErrorCode::Unsupported,
          std::string("The two models cannot be compared: they have different ") + what + "."};
}

}  // namespace

Status Comparison::add(const ChatMessage& prompt, std::size_t maxTokens,
                       const std::stop_token& stop) {
  if (Status logits = addLogits(prompt, maxTokens, stop); !logits) return logits;
  for (const ImageFile& image : imagesOf({&prompt, 1})) {
    const bool isKnown = std::any_of(images_.begin(), images_.end(),
                                     [&](const auto& known) { return known.first == image.path; });
    if (isKnown) continue;
    if (Status features = addImage(image, stop); !features) return features;
  }
  ++prompts_;
  return {};
}

Status Comparison::addLogits(const ChatMessage& prompt, std::size_t maxTokens,
                             const std::stop_token& stop) {
  std::vector<std::vector<float>> expected;  // of each place
  ScoreRequest request{.conversation = {prompt}, .maxTokens = maxTokens};
  const Result<ScoredText> asked = reference_.score(
      request,
      [&](std::span<const float> logits) { expected.emplace_back(logits.begin(), logits.end()); },
      stop);
  if (!asked) return asked.error();

  std::vector<PlaceDifference> differences;
  bool isComparable = true;
  bool isFinite = true;
  request.answer = asked->answer;
  const Result<ScoredText> followed = model_.score(
      request,
      [&](std::span<const float> logits) {
        const std::size_t place = differences.size();
        isComparable =
            isComparable && place < expected.size() && logits.size() == expected[place].size();
        if (!isComparable) return;
        const std::optional<PlaceDifference> found = compareLogits(expected[place], logits);
        isFinite = isFinite && found.has_value();
        differences.push_back(found.value_or(PlaceDifference{}));
      },
      stop);
  if (!followed) return followed.error();
  if (!isComparable || followed->promptIds != asked->promptIds) {
    return different("tokens, or make different ones of an image");
  }
  if (!isFinite) {
    return Error{ErrorCode::Internal, "The logits of a model are not finite numbers."};
  }
  for (std::size_t i = 0; i < differences.size(); ++i) {
    all_.add(differences[i]);
    (i < asked->promptPlaces ? inPrompts_ : inAnswers_).add(differences[i]);
  }
  return {};
}

Status Comparison::addImage(const ImageFile& image, const std::stop_token& stop) {
  const Result<std::vector<Matrix>> expected = reference_.project(image, stop);
  if (!expected) return expected.error();
  const Result<std::vector<Matrix>> found = model_.project(image, stop);
  if (!found) return found.error();
  if (expected->size() != found->size()) return different("tiles");
  RelativeRms rms;
  for (std::size_t v = 0; v < expected->size(); ++v) {
    const MatrixView<const float> a = (*expected)[v].view();
    const MatrixView<const float> b = (*found)[v].view();
    if (a.rows() != b.rows() || a.cols() != b.cols()) return different("projector outputs");
    for (std::size_t r = 0; r < a.rows(); ++r) {
      rms.add(a.row(r), b.row(r));
      allImages_.add(a.row(r), b.row(r));
    }
  }
  images_.emplace_back(image.path, rms.value().value_or(0));
  return {};
}

OrderedJson Comparison::json() const {
  OrderedJson images = OrderedJson::array();
  for (const auto& [path, rms] : images_) {
    images.push_back({{"image", path.string()}, {"relative_rms", rms}});
  }
  const std::optional<double> rms = allImages_.value();
  return {{"prompts", prompts_},
          {"all", scoresJson(all_)},
          {"answer", scoresJson(inAnswers_)},
          {"prompt", scoresJson(inPrompts_)},
          {"projector_relative_rms", rms ? OrderedJson(*rms) : OrderedJson()},
          {"images", std::move(images)}};
}

std::string Comparison::text() const {
  std::string text = "places              KL mean      KL p99   same best when sure\n" +
                     row("all", all_) + row("answer", inAnswers_) + row("prompt", inPrompts_);
  double largest = 0;
  for (const auto& [path, rms] : images_) largest = std::max(largest, rms);
  std::array<char, 120> line{};
  std::snprintf(line.data(), line.size(),
                "projector output: relative RMS %.3f %%, at most %.3f %% of %zu images\n",
                allImages_.value().value_or(0) * 100, largest * 100, images_.size());
  return text + line.data();
}

}  // namespace vl
