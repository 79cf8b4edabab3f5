#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "storage/database.h"
#include "tests/screenshots/still_engine.h"
#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/settings/session_settings_dialog.h"
#include "ui/widgets/theme.h"
#include "ui/window/desk.h"
#include "ui/window/shortcuts_dialog.h"

namespace vl {
namespace {

const std::filesystem::path kResources = std::filesystem::path(VL_SOURCE_DIR) / "resources";
constexpr int kPatienceMs = 60'000;
constexpr int kSettleMs = 400;  // thumbnails, layout and fading bars

struct Question {
  const char* picture;
  const char* text;
};
constexpr Question kQuestions[] = {
    {"notice.png", "Read the text in this image."},
    {"receipt.png", "Convert this to a Markdown table."},
    {"shapes.png", "<|grounding|>Describe this image in detail."},
};

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "vl2-screenshots: %s\n", why.c_str());
  std::exit(EXIT_FAILURE);
}

void waitFor(const char* what, const std::function<bool()>& condition) {
  QElapsedTimer timer;
  timer.start();
  while (!condition()) {
    if (timer.hasExpired(kPatienceMs)) stop(std::string("waited too long for ") + what);
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
  }
}

void settle() {
  QElapsedTimer timer;
  timer.start();
  waitFor("nothing", [&] { return timer.hasExpired(kSettleMs); });
}

std::unique_ptr<Desk> openDesk(const std::filesystem::path& data) {
  Result<OpenedStore> store = SessionStore::open(data);
  if (!store) stop(store.error().what);
  std::vector<QString> samples;
  for (const char* name : {"notice.png", "receipt.png", "shapes.png"}) {
    samples.push_back(QString::fromStdString((kResources / "samples" / name).string()));
  }
  Desk::Setup setup{data, std::move(samples), stillBackend()};
  setup.models = {data / "models", {kResources / "models"}};
  auto desk = std::make_unique<Desk>(std::move(*store), std::move(setup));
  desk->begin(kResources / "models/starter", {});
  desk->window().resize(1300, 830);
  desk->window().show();
  waitFor("the model", [&] { return desk->model().state() == ModelLoader::State::Ready; });
  return desk;
}

void askAll(const std::filesystem::path& data) {
  const std::unique_ptr<Desk> desk = openDesk(data);
  for (const Question& question : kQuestions) {
    desk->controller().newSession();
    const std::string picture = (kResources / "samples" / question.picture).string();
    desk->window().attachFiles({QString::fromStdString(picture)});
    waitFor("an image", [&] { return desk->attachments().isReady(); });
    Composer& composer = desk->window().chat().composer();
    composer.setText(question.text);
    QKeyEvent enter(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier);
    QCoreApplication::sendEvent(&composer.edit(), &enter);
    waitFor("a question", [&] { return desk->controller().isAnswering(); });
    waitFor("an answer", [&] { return !desk->controller().isAnswering(); });
  }
}

/// The list of sessions tells when they were used.
void freezeTimes(const std::filesystem::path& data) {
  Result<Database> database = Database::open(data / "history.db");
  if (!database) stop(database.error().what);
  const Status frozen = database->execute("UPDATE sessions SET updated_ms = 1767225600000 + id");
  if (!frozen) stop(frozen.error().what);
}

class Album {
 public:
  Album(QString folder, QString suffix) : folder_(std::move(folder)), suffix_(std::move(suffix)) {}

  void add(QWidget& widget, const QString& name) const {
    settle();
    const QString file = folder_ + '/' + name + suffix_ + ".png";
    if (!widget.grab().save(file)) stop("cannot write " + file.toStdString());
    std::printf("%s\n", qPrintable(file));
  }

 private:
  QString folder_;
  QString suffix_;
};

void showAll(const std::filesystem::path& data, const Album& album) {
  const std::unique_ptr<Desk> desk = openDesk(data);
  album.add(desk->window(), "main");
  desk->controller().openSession(desk->controller().sessions().at(2).id);
  album.add(desk->window(), "read-text");
  desk->controller().newSession();
  album.add(desk->window(), "welcome");

  SessionSettingsDialog settings({}, std::nullopt, &desk->window());
  settings.show();
  album.add(settings, "settings");
  settings.hide();
  ShortcutsDialog shortcuts(desk->window());
  shortcuts.show();
  album.add(shortcuts, "shortcuts");
}

}  // namespace
}  // namespace vl

/// vl2-screenshots DIR
int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QApplication::setApplicationName("vl2-desk");
  QApplication::setApplicationDisplayName("VL2 Desk");
  if (argc < 2) vl::stop("the folder for the pictures is missing");
  QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
  QDir().mkpath(argv[1]);

  const QTemporaryDir folder;
  const std::filesystem::path data = folder.filePath("history").toStdString();
  {
    const vl::Theme theme(application, vl::Appearance::Light);
    vl::askAll(data);
    vl::freezeTimes(data);
    vl::showAll(data, {argv[1], {}});
  }
  const vl::Theme theme(application, vl::Appearance::Dark);
  vl::showAll(data, {argv[1], "-dark"});
  return EXIT_SUCCESS;
}
