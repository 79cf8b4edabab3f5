#include "inference/language/rope.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace vl {
namespace {

/// yarn's g(m) = 0.1 m ln(factor) + 1.
double yarnMagnitude(double factor, double mscale) {
  return factor <= 1.0 ? 1.0 : 0.1 * mscale * std::log(factor) + 1.0;
}

/// The dimension that turns `rotations` times over the original context.
double yarnDimension(double rotations, std::size_t width, double theta,
                     const RopeScaling& scaling) {
  const auto context = static_cast<double>(scaling.originalMaxPositionEmbeddings);
  return static_cast<double>(width) * std::log(context / (rotations * 2.0 * std::numbers::pi)) /
         (2.0 * std::log(theta));
}

void scaleYarn(std::vector<double>& frequencies, std::size_t width, double theta,
               const RopeScaling& scaling) {
  const double low =
      std::max(std::floor(yarnDimension(scaling.betaFast, width, theta, scaling)), 0.0);
  double high = std::min(std::ceil(yarnDimension(scaling.betaSlow, width, theta, scaling)),
                         static_cast<double>(width) - 1.0);
  if (high == low) high += 0.001;
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const double ramp = std::clamp((static_cast<double>(i) - low) / (high - low), 0.0, 1.0);
    frequencies[i] = frequencies[i] / scaling.factor * ramp + frequencies[i] * (1.0 - ramp);
  }
}

}  // namespace

Rope::Rope(const LanguageConfig& config, std::size_t width) : inverseFrequencies_(width / 2) {
  for (std::size_t i = 0; i < inverseFrequencies_.size(); ++i) {
    const double exponent = static_cast<double>(2 * i) / static_cast<double>(width);
    inverseFrequencies_[i] = std::pow(config.ropeTheta, -exponent);
  }
  if (!config.ropeScaling) return;
  const RopeScaling& scaling = *config.ropeScaling;
  switch (scaling.type) {
    case RopeScalingType::Linear:  // positions / factor
      for (double& f : inverseFrequencies_) f /= scaling.factor;
      break;
    case RopeScalingType::Dynamic:
      break;
    case RopeScalingType::Yarn:
      scaleYarn(inverseFrequencies_, width, config.ropeTheta, scaling);
      magnitude_ = yarnMagnitude(scaling.factor, scaling.mscale) /
                   yarnMagnitude(scaling.factor, scaling.mscaleAllDim);
      break;
  }
}

RopeAngles Rope::angles(std::size_t begin, std::size_t count) const {
  RopeAngles angles{Matrix(count, inverseFrequencies_.size()),
                    Matrix(count, inverseFrequencies_.size())};
  for (std::size_t t = 0; t < count; ++t) {
    const std::span<float> cos = angles.cos.view().row(t);
    const std::span<float> sin = angles.sin.view().row(t);
    for (std::size_t i = 0; i < cos.size(); ++i) {
      const double angle = static_cast<double>(begin + t) * inverseFrequencies_[i];
      cos[i] = static_cast<float>(std::cos(angle) * magnitude_);
      sin[i] = static_cast<float>(std::sin(angle) * magnitude_);
    }
  }
  return angles;
}

void Rope::rotateHalves(std::span<float> x, std::span<const float> cos,
                        std::span<const float> sin) {
  const std::size_t half = cos.size();
  assert(x.size() == 2 * half && sin.size() == half);
  for (std::size_t i = 0; i < half; ++i) {
    const float first = x[i];
    const float second = x[i + half];
    x[i] = first * cos[i] - second * sin[i];
    x[i + half] = second * cos[i] + first * sin[i];
  }
}

void Rope::rotatePairs(std::span<float> x, std::span<const float> cos, std::span<const float> sin) {
  const std::size_t half = cos.size();
  assert(x.size() == 2 * half && sin.size() == half);
  std::vector<float> seconds(half);
  for (std::size_t i = 0; i < half; ++i) {
    const float first = x[2 * i];
    const float second = x[2 * i + 1];
    x[i] = first * cos[i] - second * sin[i];  // i <= 2i: the pairs still to come are untouched
    seconds[i] = second * cos[i] + first * sin[i];
  }
  std::copy(seconds.begin(), seconds.end(), x.begin() + static_cast<std::ptrdiff_t>(half));
}

double ropeAttentionFactor(const LanguageConfig& config) {
  if (!config.ropeScaling || config.ropeScaling->mscaleAllDim == 0.0) return 1.0;
  const double g = yarnMagnitude(config.ropeScaling->factor, config.ropeScaling->mscaleAllDim);
  return g * g;
}

}  // namespace vl
