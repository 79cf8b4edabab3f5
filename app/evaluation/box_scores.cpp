#include "app/evaluation/box_scores.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

namespace vl {
namespace {

double areaOf(const GridBox& box) { return (box.x2 - box.x1) * (box.y2 - box.y1); }

/// Largest matching of a bipartite graph by augmenting paths (Kuhn), found breadth first: a deep
/// recursion would follow the number of boxes, which the model decides.
class Matching {
 public:
  Matching(std::span<const GridBox> found, std::span<const GridBox> expected)
      : partner_(expected.size()), neighbours_(found.size()) {
    for (std::size_t f = 0; f < found.size(); ++f) {
      for (std::size_t e = 0; e < expected.size(); ++e) {
        if (intersectionOverUnion(found[f], expected[e]) >= kMinOverlap) {
          neighbours_[f].push_back(e);
        }
      }
    }
  }

  std::size_t size() {
    std::size_t pairs = 0;
    for (std::size_t f = 0; f < neighbours_.size(); ++f) pairs += augment(f) ? 1 : 0;
    return pairs;
  }

 private:
  using Index = std::optional<std::size_t>;

  /// Pairs `root` with an expected box, other found boxes giving way where they have another.
  bool augment(std::size_t root) {
    std::vector<Index> reachedFrom(partner_.size());  // expected box: the found box before it
    std::vector<Index> mate(neighbours_.size());      // found box on the way: its expected box
    std::deque<std::size_t> waiting{root};
    while (!waiting.empty()) {
      const std::size_t f = waiting.front();
      waiting.pop_front();
      for (const std::size_t e : neighbours_[f]) {
        if (reachedFrom[e]) continue;
        reachedFrom[e] = f;
        if (!partner_[e]) {
          turnPath(e, reachedFrom, mate);
          return true;
        }
        mate[*partner_[e]] = e;
        waiting.push_back(*partner_[e]);
      }
    }
    return false;
  }

  /// Along the path that ends at the free box `e`, each found box takes the expected box after it.
  void turnPath(std::size_t e, const std::vector<Index>& reachedFrom,
                const std::vector<Index>& mate) {
    for (Index free = e; free;) {
      const std::size_t f = *reachedFrom[*free];
      partner_[*free] = f;
      free = mate[f];
    }
  }

  std::vector<Index> partner_;  // of each expected box
  std::vector<std::vector<std::size_t>> neighbours_;
};

}  // namespace

double intersectionOverUnion(const GridBox& a, const GridBox& b) {
  const double width = std::min(a.x2, b.x2) - std::max(a.x1, b.x1);
  const double height = std::min(a.y2, b.y2) - std::max(a.y1, b.y1);
  const double shared = std::max(width, 0.0) * std::max(height, 0.0);
  const double either = areaOf(a) + areaOf(b) - shared;
  return either > 0 ? shared / either : 0;
}

std::size_t matchedBoxes(std::span<const GridBox> found, std::span<const GridBox> expected) {
  return Matching(found, expected).size();
}

}  // namespace vl
