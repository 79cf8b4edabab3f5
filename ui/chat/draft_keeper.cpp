#include "ui/chat/draft_keeper.h"

#include <chrono>

namespace vl {
namespace {

using namespace std::chrono_literals;

constexpr auto kQuiet = 600ms;  // no key for so long

}  // namespace

DraftKeeper::DraftKeeper(SessionStore& store, ChatController& controller, ChatPane& pane,
                         QObject* parent)
    : QObject(parent), store_(store), controller_(controller), pane_(pane) {
  quiet_.setSingleShot(true);
  quiet_.setInterval(kQuiet);
  connect(&quiet_, &QTimer::timeout, this, &DraftKeeper::save);
  connect(&pane_, &ChatPane::draftChanged, &quiet_, qOverload<>(&QTimer::start));
  connect(&controller_, &ChatController::sessionShown, this, &DraftKeeper::showDraft);
  session_ = controller_.shownSession();
  showStored();
}

DraftKeeper::~DraftKeeper() {
  if (quiet_.isActive()) save();
}

bool DraftKeeper::hasNewQuestion() {
  const Result<Draft> draft = store_.loadDraft(std::nullopt);
  return draft && !draft->isEmpty();
}

void DraftKeeper::showDraft() {
  if (session_ == controller_.shownSession()) return;
  if (quiet_.isActive()) save();
  session_ = controller_.shownSession();
  showStored();
}

void DraftKeeper::showStored() {
  if (const auto kept = unsaved_.find(session_); kept != unsaved_.end()) {
    pane_.setDraft(kept->second);
    quiet_.start();  // perhaps it can be saved now
    return;
  }
  const Result<Draft> draft = store_.loadDraft(session_);
  if (!draft) {
    pane_.setDraft({});  // what stands there is of another session
    quiet_.stop();
    pane_.showProblem(QString::fromStdString(draft.error().what));
    return;
  }
  QuestionDraft shown{QString::fromStdString(draft->text), {}};
  for (const Attachment& attachment : draft->attachments) {
    const Result<std::filesystem::path> path = store_.imagePath(attachment.image);
    if (path) {
      shown.images.push_back({attachment, *path});
    } else {
      pane_.showProblem(QString::fromStdString(path.error().what));
    }
  }
  pane_.setDraft(shown);
  quiet_.stop();  // that was no change
}

void DraftKeeper::save() {
  quiet_.stop();
  const QuestionDraft written = pane_.draft();
  Draft draft{written.text.toStdString(), {}};
  for (const SessionImage& image : written.images) draft.attachments.push_back(image.attachment);
  const Status saved = store_.saveDraft(session_, draft);
  unsaved_.erase(session_);
  if (saved) return;
  // a session that was deleted for good takes its draft with it
  if (session_ && !controller_.sessions().rowOf(*session_)) return;
  unsaved_.emplace(session_, written);
  pane_.showProblem(QString::fromStdString(saved.error().what));
}

}  // namespace vl
