#include "inference/language/moe_layer.h"

#include <algorithm>
#include <string>

#include "inference/kernels/dispatch.h"
#include "inference/tensor/matrix.h"

namespace vl {

MoeLayer::MoeLayer(WeightReader& reader, const LanguageConfig& config) : router_(reader, config) {
  for (std::size_t e = 0; e < *config.nRoutedExperts && reader.status(); ++e) {
    experts_.emplace_back(reader, "mlp.experts." + std::to_string(e) + ".", config.hiddenSize,
                          config.moeIntermediateSize);
  }
  if (config.nSharedExperts) {
    shared_.emplace(reader, "mlp.shared_experts.", config.hiddenSize,
                    config.moeIntermediateSize * *config.nSharedExperts);
  }
}

bool MoeLayer::forward(Compute& compute, MatrixView<const float> x, MatrixView<float> out,
                       std::vector<RoutedExpert>& routing, const std::stop_token& stop) const {
  const std::size_t perToken = router_.expertsPerToken();
  routing.resize(x.rows() * perToken);
  compute.parallelFor(x.rows(), 4, [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
    for (std::size_t t = begin; t < end; ++t) {
      router_.route(x.row(t), std::span(routing).subspan(t * perToken, perToken));
    }
  });

  std::vector<std::vector<std::size_t>> choices(experts_.size());  // per expert: into routing
  for (std::size_t i = 0; i < routing.size(); ++i) choices[routing[i].expert].push_back(i);

  for (std::size_t t = 0; t < x.rows(); ++t) std::fill_n(out.row(t).data(), out.cols(), 0.0f);
  for (std::size_t e = 0; e < experts_.size(); ++e) {
    if (choices[e].empty()) continue;
    if (stop.stop_requested()) return false;
    Matrix gathered(choices[e].size(), x.cols());
    Matrix result(choices[e].size(), x.cols());
    for (std::size_t i = 0; i < choices[e].size(); ++i) {
      const std::span<const float> token = x.row(choices[e][i] / perToken);
      std::copy(token.begin(), token.end(), gathered.view().row(i).begin());
    }
    experts_[e].forward(compute, gathered.view(), result.view());
    for (std::size_t i = 0; i < choices[e].size(); ++i) {
      const std::size_t choice = choices[e][i];
      kernels().addScaled(routing[choice].weight, result.view().row(i).data(),
                          out.row(choice / perToken).data(), out.cols());
    }
  }

  if (shared_) {
    if (stop.stop_requested()) return false;
    Matrix result(x.rows(), x.cols());
    shared_->forward(compute, x, result.view());
    for (std::size_t t = 0; t < x.rows(); ++t) {
      kernels().addScaled(1.0f, result.view().row(t).data(), out.row(t).data(), out.cols());
    }
  }
  return true;
}

}  // namespace vl
