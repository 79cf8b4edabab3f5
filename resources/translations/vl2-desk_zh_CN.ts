<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_US">
<context>
    <name>Downloads</name>
    <message>
        <source>The list of files is empty.</source>
        <translation>文件列表为空。</translation>
    </message>
    <message>
        <source>The list has too many files.</source>
        <translation>列表中的文件太多。</translation>
    </message>
    <message>
        <source>“%1” is no name for a file in a model&apos;s folder.</source>
        <translation>“%1”不能作为模型文件夹中的文件名。</translation>
    </message>
    <message>
        <source>“%1” is in the list twice.</source>
        <translation>“%1”在列表中出现了两次。</translation>
    </message>
    <message>
        <source>%1 has no web address to come from: only http and https will do.</source>
        <translation>%1 没有可用的下载地址：仅支持 http 和 https。</translation>
    </message>
    <message>
        <source>The files are larger than any model together.</source>
        <translation>文件的总大小超过了任何模型。</translation>
    </message>
    <message>
        <source>The size of “%1” is missing or impossible.</source>
        <translation>“%1”的大小缺失或不合理。</translation>
    </message>
    <message>
        <source>The SHA-256 of “%1” is missing or is none.</source>
        <translation>“%1”的 SHA-256 缺失或无效。</translation>
    </message>
    <message>
        <source>The repository of the model is not described properly.</source>
        <translation>模型仓库的描述有误。</translation>
    </message>
    <message>
        <source>This is no list of files to download: %1</source>
        <translation>这不是下载文件列表：%1</translation>
    </message>
    <message>
        <source>“%1” is no name for a model&apos;s folder.</source>
        <translation>“%1”不能作为模型文件夹的名称。</translation>
    </message>
    <message>
        <source>The licence of the model is not named.</source>
        <translation>未注明模型的许可证。</translation>
    </message>
    <message>
        <source>The server did not send a list of files.</source>
        <translation>服务器没有发来文件列表。</translation>
    </message>
    <message>
        <source>The server does not tell size and digest of %1.</source>
        <translation>服务器未提供 %1 的大小和摘要值。</translation>
    </message>
    <message>
        <source>%1 has no file %2.</source>
        <translation>%1 中没有文件 %2。</translation>
    </message>
    <message>
        <source>%1 has another length.</source>
        <translation>%1 的长度不符。</translation>
    </message>
    <message>
        <source>%1 is damaged: its digest is not the one it has to have.</source>
        <translation>%1 已损坏：摘要值不符。</translation>
    </message>
    <message>
        <source>A text of the list is too long to be shown.</source>
        <translation>列表中有一段文字过长，无法显示。</translation>
    </message>
</context>
<context>
    <name>EncodedView</name>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览图</translation>
    </message>
    <message numerus="yes">
        <source>One tile of %1 pixels and the overview: %Ln token(s).</source>
        <translation>
            <numerusform>一个 %1 像素的图块和概览图：%Ln 词元。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 × %2 tiles of %3 pixels and the overview: %Ln token(s).</source>
        <translation>
            <numerusform>%1 × %2 个 %3 像素的图块和概览图：%Ln 词元。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>two sentences</comment>
        <translation>%1%2</translation>
    </message>
    <message>
        <source>Scaled from %1 to %2, no padding.</source>
        <translation>从 %1 缩放到 %2，无填充。</translation>
    </message>
    <message numerus="yes">
        <source>Scaled from %1 to %2, with %n column(s) of padding.</source>
        <translation>
            <numerusform>从 %1 缩放到 %2，填充 %n 列。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Scaled from %1 to %2, with %n row(s) of padding.</source>
        <translation>
            <numerusform>从 %1 缩放到 %2，填充 %n 行。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GroundedDocument</name>
    <message>
        <source>With boxes: </source>
        <translation>带框：</translation>
    </message>
    <message>
        <source>Locate: </source>
        <translation>定位：</translation>
    </message>
</context>
<context>
    <name>ModelFiles</name>
    <message>
        <source>There is no model in %1.</source>
        <translation>%1 中没有模型。</translation>
    </message>
    <message>
        <source>Deleting was stopped; part of the model is gone.</source>
        <translation>删除已停止；模型的一部分已被删除。</translation>
    </message>
    <message>
        <source>%1 could not be deleted: %2.</source>
        <translation>无法删除 %1：%2。</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>Cannot be used</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>%1 billion</source>
        <translation>%1B</translation>
    </message>
    <message>
        <source>%1 million</source>
        <translation>%1M</translation>
    </message>
    <message>
        <source>Needs %1; %2 are free now</source>
        <translation>需要 %1；当前可用 %2</translation>
    </message>
    <message>
        <source>Weights %1, context %2, working memory %3</source>
        <translation>权重 %1，上下文 %2，工作内存 %3</translation>
    </message>
</context>
<context>
    <name>Options</name>
    <message>
        <source>Language of the window: en or zh_CN (default: the system&apos;s).</source>
        <translation>窗口语言：en 或 zh_CN（默认：系统语言）。</translation>
    </message>
    <message>
        <source>LANG</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Ask about images with DeepSeek-VL2, on this computer.</source>
        <translation>在本机用 DeepSeek-VL2 询问图片内容。</translation>
    </message>
    <message>
        <source>Folder of the model (default: that of the session, then the one used last, the bundled one, the models folder).</source>
        <translation>模型文件夹（默认：会话所用的模型，其次是上次使用的模型、随附的模型、模型文件夹中的模型）。</translation>
    </message>
    <message>
        <source>DIR</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Folder of the history.</source>
        <translation>历史记录文件夹。</translation>
    </message>
    <message>
        <source>Keep nothing of the pictures in the cache folder, and use nothing kept.</source>
        <translation>不在缓存文件夹中保留图片信息，也不使用已保留的信息。</translation>
    </message>
    <message>
        <source>Images and PDF documents to ask about.</source>
        <translation>要询问的图片和 PDF 文档。</translation>
    </message>
    <message>
        <source>[FILES...]</source>
        <translation>[文件...]</translation>
    </message>
    <message>
        <source>The window does not speak “%1”: choose en or zh_CN.</source>
        <translation>窗口不支持“%1”：请选择 en 或 zh_CN。</translation>
    </message>
</context>
<context>
    <name>Progress</name>
    <message numerus="yes">
        <source>%Ln token(s)</source>
        <translation>
            <numerusform>%Ln 词元</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Length limit reached</source>
        <translation>已达长度上限</translation>
    </message>
    <message>
        <source>The model&apos;s context is full</source>
        <translation>模型的上下文已满</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>the longest answer was reached</source>
        <translation>已达最大回答长度</translation>
    </message>
    <message>
        <source>the model&apos;s context is full</source>
        <translation>模型的上下文已满</translation>
    </message>
    <message>
        <source>you stopped it</source>
        <translation>由您停止</translation>
    </message>
    <message>
        <source>the model had finished</source>
        <translation>模型已答完</translation>
    </message>
    <message>
        <source>Opening image %1 of %2</source>
        <translation>正在打开图片 %1 / %2</translation>
    </message>
    <message>
        <source>Looking at the picture: tile %1 of %2</source>
        <translation>正在看图：图块 %1 / %2</translation>
    </message>
    <message>
        <source>Reading the prompt: %1 of %2 tokens</source>
        <translation>正在读取提示：%1 / %2 词元</translation>
    </message>
    <message>
        <source>Writing: %1</source>
        <translation>正在回答：%1</translation>
    </message>
    <message>
        <source>first token after %1 s</source>
        <translation>%1 秒后出首个词元</translation>
    </message>
    <message>
        <source>Images opened and cut: %1</source>
        <translation>打开并切分图片：%1</translation>
    </message>
    <message>
        <source>Pictures looked at: %1, %2 for each of %3 tiles</source>
        <translation>看图：%1，共 %3 个图块，每块 %2</translation>
    </message>
    <message>
        <source>Prompt: %1 tokens, %2 of them of images, %3 known from before</source>
        <translation>提示：%1 词元，其中图片 %2，此前已读 %3</translation>
    </message>
    <message>
        <source>Prompt read: %1, %2</source>
        <translation>读取提示：%1，%2</translation>
    </message>
    <message>
        <source>First token after %1</source>
        <translation>首个词元：%1 后</translation>
    </message>
    <message>
        <source>Answer: %1 in %2</source>
        <translation>回答：%1，用时 %2</translation>
    </message>
    <message>
        <source>Ended: %1</source>
        <translation>结束原因：%1</translation>
    </message>
    <message>
        <source>Seed: %1</source>
        <translation>随机种子：%1</translation>
    </message>
</context>
<context>
    <name>PromptTask</name>
    <message>
        <source>Describe</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Ask for a description of the image</source>
        <translation>让模型描述图片</translation>
    </message>
    <message>
        <source>Locate</source>
        <translation>定位</translation>
    </message>
    <message>
        <source>Find something in the image: type what between the marks</source>
        <translation>在图片中查找：在标记之间输入要找的东西</translation>
    </message>
    <message>
        <source>Describe with boxes</source>
        <translation>带框描述</translation>
    </message>
    <message>
        <source>Ask for a description with a box around each thing it names</source>
        <translation>让模型描述图片，并框出提到的每样东西</translation>
    </message>
    <message>
        <source>Read text</source>
        <translation>读取文字</translation>
    </message>
    <message>
        <source>Ask for the text that is written in the image</source>
        <translation>让模型读出图片中的文字</translation>
    </message>
    <message>
        <source>Find all</source>
        <translation>全部查找</translation>
    </message>
    <message>
        <source>Find every thing of a kind: type which between the marks</source>
        <translation>查找同一类的所有东西：在标记之间输入类别</translation>
    </message>
    <message>
        <source>Table to Markdown</source>
        <translation>表格转 Markdown</translation>
    </message>
    <message>
        <source>Ask for a table in the image as a Markdown table</source>
        <translation>把图片中的表格转为 Markdown 表格</translation>
    </message>
    <message>
        <source>Compare images</source>
        <translation>比较图片</translation>
    </message>
    <message>
        <source>Ask what differs between two images</source>
        <translation>询问两张图片有何不同</translation>
    </message>
    <message>
        <source>Find a marked thing</source>
        <translation>按标记查找</translation>
    </message>
    <message>
        <source>Find in a second image what a red rectangle marks in the first one</source>
        <translation>在第二张图片中查找第一张图片里红框标出的东西</translation>
    </message>
</context>
<context>
    <name>vl::AnswerFlow</name>
    <message>
        <source>The image %1 of this session is missing from the history, so the model cannot look at it. Begin a new session.</source>
        <translation>历史记录中缺少此会话的图片 %1，模型无法查看它。请新建会话。</translation>
    </message>
</context>
<context>
    <name>vl::AnswerWidget</name>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Copy the answer</source>
        <translation>复制回答</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Continue the answer</source>
        <translation>继续回答</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Copy with boxes as JSON</source>
        <translation>连同标注框复制为 JSON</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Edit the question</source>
        <translation>编辑问题</translation>
    </message>
    <message>
        <source>How it went</source>
        <translation>生成详情</translation>
    </message>
    <message>
        <source>How the answer went</source>
        <translation>回答的生成详情</translation>
    </message>
</context>
<context>
    <name>vl::AttachmentList</name>
    <message>
        <source>%1 was not added. %2</source>
        <translation>未添加 %1。%2</translation>
    </message>
    <message>
        <source>A question can have at most %1 images.</source>
        <translation>一个问题最多可带 %1 张图片。</translation>
    </message>
    <message>
        <source>Pasted image</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>%1 is not a file on this computer.</source>
        <translation>%1 不是本机上的文件。</translation>
    </message>
</context>
<context>
    <name>vl::AttachmentStrip</name>
    <message>
        <source>Drag it, or press Ctrl and an arrow key, to change the order</source>
        <translation>拖动，或按 Ctrl 和方向键，以调整顺序</translation>
    </message>
</context>
<context>
    <name>vl::BoxEditor</name>
    <message>
        <source>Move a box</source>
        <translation>移动标注框</translation>
    </message>
    <message>
        <source>Name a box</source>
        <translation>命名标注框</translation>
    </message>
    <message>
        <source>Add a box</source>
        <translation>添加标注框</translation>
    </message>
    <message>
        <source>Remove a box</source>
        <translation>移除标注框</translation>
    </message>
    <message>
        <source>Back to the model&apos;s boxes</source>
        <translation>恢复模型的标注框</translation>
    </message>
</context>
<context>
    <name>vl::BoxFiles</name>
    <message>
        <source>COCO, all images (*.json)</source>
        <translation>COCO，所有图片 (*.json)</translation>
    </message>
    <message>
        <source>LabelMe, this image (*.json)</source>
        <translation>LabelMe，此图片 (*.json)</translation>
    </message>
    <message>
        <source>YOLO, this image, and classes.txt (*.txt)</source>
        <translation>YOLO，此图片及 classes.txt (*.txt)</translation>
    </message>
    <message>
        <source>Pascal VOC, this image (*.xml)</source>
        <translation>Pascal VOC，此图片 (*.xml)</translation>
    </message>
    <message>
        <source>Table, all images (*.csv)</source>
        <translation>表格，所有图片 (*.csv)</translation>
    </message>
    <message>
        <source>Picture with the boxes drawn on it (*.png)</source>
        <translation>画有标注框的图片 (*.png)</translation>
    </message>
    <message>
        <source>Export the boxes…</source>
        <translation>导出标注框…</translation>
    </message>
    <message>
        <source>Import boxes (COCO, LabelMe)…</source>
        <translation>导入标注框（COCO、LabelMe）…</translation>
    </message>
    <message>
        <source>Export the boxes</source>
        <translation>导出标注框</translation>
    </message>
    <message>
        <source>The boxes were written to %1</source>
        <translation>标注框已写入 %1</translation>
    </message>
    <message>
        <source>The picture was written to %1</source>
        <translation>图片已写入 %1</translation>
    </message>
    <message>
        <source>Import boxes</source>
        <translation>导入标注框</translation>
    </message>
    <message>
        <source>COCO or LabelMe (*.json);;All files (*)</source>
        <translation>COCO 或 LabelMe (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>%1 was not imported. %2</source>
        <translation>未导入 %1。%2</translation>
    </message>
    <message>
        <source>The file is about %1 (%2 pixels), and this conversation has no such image.</source>
        <translation>该文件标注的是 %1（%2 像素），此对话中没有这张图片。</translation>
    </message>
    <message numerus="yes">
        <source>%n box(es) were imported</source>
        <translation>
            <numerusform>已导入 %n 个标注框</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is where the names of the boxes go. Choose another name for the boxes.</source>
        <translation>%1 用于存放标注框的名称。请为标注框选择其他文件名。</translation>
    </message>
    <message>
        <source>%1 is larger than 64 MiB.</source>
        <translation>%1 大于 64 MiB。</translation>
    </message>
    <message>
        <source>Another answer is shown by now.</source>
        <translation>现在显示的已是另一个回答。</translation>
    </message>
</context>
<context>
    <name>vl::BoxTools</name>
    <message>
        <source>Draw a part to ask about</source>
        <translation>框选要询问的局部</translation>
    </message>
    <message>
        <source>Change the boxes</source>
        <translation>修改标注框</translation>
    </message>
    <message>
        <source>Back to the model&apos;s boxes</source>
        <translation>恢复模型的标注框</translation>
    </message>
    <message>
        <source>Boxes belong to an answer. Ask about the picture first.</source>
        <translation>标注框属于某个回答。请先就图片提问。</translation>
    </message>
    <message>
        <source>New box</source>
        <translation>新标注框</translation>
    </message>
    <message>
        <source>Name of the box</source>
        <translation>标注框名称</translation>
    </message>
    <message>
        <source>What is in the box?</source>
        <translation>框中是什么？</translation>
    </message>
</context>
<context>
    <name>vl::BoxWarnings</name>
    <message>
        <source>Boxes that could not be read</source>
        <translation>无法读取的标注框</translation>
    </message>
    <message>
        <source>Raw text</source>
        <translation>原始文本</translation>
    </message>
    <message>
        <source>Show the answer as the model wrote it</source>
        <translation>显示模型写出的原文</translation>
    </message>
    <message numerus="yes">
        <source>%n part(s) of the boxes could not be read:</source>
        <translation>
            <numerusform>标注框中有 %n 处无法读取：</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>以及另外 %n 处</numerusform>
        </translation>
    </message>
    <message>
        <source>The answer as the model wrote it</source>
        <translation>模型写出的原文</translation>
    </message>
</context>
<context>
    <name>vl::BranchSwitch</name>
    <message>
        <source>Previous version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一个版本</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>vl::BudgetBar</name>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>%1 of %2 tokens · %3 left for the answer</source>
        <translation>%1 / %2 词元 · 还可回答 %3</translation>
    </message>
    <message>
        <source>%1 of %2 tokens · too long</source>
        <translation>%1 / %2 词元 · 过长</translation>
    </message>
    <message>
        <source>Image %1: %2 tokens</source>
        <translation>图片 %1：%2 词元</translation>
    </message>
    <message numerus="yes">
        <source>Text: %Ln token(s)</source>
        <translation>
            <numerusform>文字：%Ln 词元</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::BudgetNotices</name>
    <message>
        <source>This is too long for the model: %1 tokens of text and %2 of images, and it can take %3 with the answer.</source>
        <translation>内容超出模型的限度：文字 %1 词元、图片 %2 词元，而模型连同回答最多容纳 %3 词元。</translation>
    </message>
    <message>
        <source>Images as overviews</source>
        <translation>图片只用概览图</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>新建会话</translation>
    </message>
    <message>
        <source>With more than %1 images in a conversation the model sees each of them as one small overview: fine detail is lost, in the earlier ones, too.</source>
        <translation>一个会话中的图片超过 %1 张时，模型只能看到每张图片的小幅概览图：细节会丢失，之前的图片也不例外。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Remove the last image</source>
        <translation>移除最后一张图片</translation>
    </message>
    <message numerus="yes">
        <source>Leave out the %n oldest question(s)</source>
        <translation>
            <numerusform>略去最早的 %n 个问题</numerusform>
        </translation>
    </message>
    <message>
        <source>This is too long for the model: %1 tokens, and it can take %2 with the answer.</source>
        <translation>内容超出模型的限度：%1 词元，而模型连同回答最多容纳 %2 词元。</translation>
    </message>
    <message>
        <source>Shorten the question.</source>
        <translation>请缩短问题。</translation>
    </message>
</context>
<context>
    <name>vl::CanvasLink</name>
    <message>
        <source>The boxes of this answer belong to</source>
        <translation>此回答的标注框属于</translation>
    </message>
    <message>
        <source>Image %1: %2</source>
        <translation>图片 %1：%2</translation>
    </message>
    <message>
        <source>Move the boxes to another image</source>
        <translation>将标注框移到另一张图片</translation>
    </message>
</context>
<context>
    <name>vl::CanvasPanel</name>
    <message>
        <source>Previous image</source>
        <translation>上一张图片</translation>
    </message>
    <message>
        <source>Next image</source>
        <translation>下一张图片</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Fit image</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>Actual pixels</source>
        <translation>实际像素</translation>
    </message>
    <message>
        <source>The picture you ask about is shown here.</source>
        <translation>您询问的图片会显示在这里。</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Rotate the view to the right</source>
        <translation>向右旋转视图</translation>
    </message>
    <message>
        <source>Rotate the view to the left</source>
        <translation>向左旋转视图</translation>
    </message>
    <message>
        <source>Two images side by side</source>
        <translation>并排显示两张图片</translation>
    </message>
    <message>
        <source>Show what the model sees</source>
        <translation>显示模型所见</translation>
    </message>
    <message>
        <source>More about the view</source>
        <translation>更多视图选项</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>vl::ChatPane</name>
    <message>
        <source>You are editing a question. The old one and what followed it stay, as another version.</source>
        <translation>您正在编辑一个问题。原来的问题及其后的内容会作为另一个版本保留。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>No model is loaded, so nothing can be answered yet.</source>
        <translation>尚未加载模型，因此还无法回答。</translation>
    </message>
    <message>
        <source>Load anyway</source>
        <translation>仍然加载</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>The answer was not begun: what the model would have to read before it is too long.</source>
        <translation>未开始生成回答：模型需要先读取的内容过长。</translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>……另有 %n 项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::Composer</name>
    <message>
        <source>Add images</source>
        <translation>添加图片</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Add images or PDF pages: open, drop or paste</source>
        <translation>添加图片或 PDF 页面：打开、拖放或粘贴</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the answer (Esc)</source>
        <translation>停止回答 (Esc)</translation>
    </message>
    <message>
        <source>Ask (Enter)</source>
        <translation>提问 (Enter)</translation>
    </message>
</context>
<context>
    <name>vl::ComposerEdit</name>
    <message>
        <source>Ask about your images</source>
        <translation>询问您的图片</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
</context>
<context>
    <name>vl::ContextDivider</name>
    <message>
        <source>The model no longer reads what is above</source>
        <translation>模型不再读取以上内容</translation>
    </message>
    <message>
        <source>Read all of it</source>
        <translation>全部读取</translation>
    </message>
</context>
<context>
    <name>vl::ConversationView</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>vl::Desk</name>
    <message>
        <source>The history could not be read and was set aside as %1. %2</source>
        <translation>历史记录无法读取，已另存为 %1。%2</translation>
    </message>
    <message>
        <source>The answer is written.</source>
        <translation>回答已完成。</translation>
    </message>
    <message>
        <source>%1: done</source>
        <translation>%1：已完成</translation>
    </message>
    <message>
        <source>%1 is downloaded.</source>
        <translation>%1 已下载完成。</translation>
    </message>
</context>
<context>
    <name>vl::DocumentDesk</name>
    <message>
        <source>There is no model that could read this page.</source>
        <translation>没有可以读取此页的模型。</translation>
    </message>
    <message>
        <source>%1, page %2</source>
        <translation>%1，第 %2 页</translation>
    </message>
    <message>
        <source>Text of the document %1</source>
        <translation>文档 %1 的文字</translation>
    </message>
    <message>
        <source>There is not enough memory to copy the document.</source>
        <translation>内存不足，无法复制文档。</translation>
    </message>
</context>
<context>
    <name>vl::DocumentReading</name>
    <message>
        <source>The page has more text than the model could write.</source>
        <translation>此页的文字超出了模型能写出的长度。</translation>
    </message>
</context>
<context>
    <name>vl::DownloadDetails</name>
    <message>
        <source>From %1 (%2). Names, sizes and digests of the files are asked for there, and each file is checked against them.</source>
        <translation>来自 %1（%2）。将从那里查询文件的名称、大小和摘要值，并逐一校验每个文件。</translation>
    </message>
    <message>
        <source>From %1. Each file is checked against its SHA-256.</source>
        <translation>来自 %1。每个文件都会用 SHA-256 校验。</translation>
    </message>
    <message>
        <source>I have read the licence and accept it</source>
        <translation>我已阅读并接受许可证</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Licence: %1</source>
        <translation>许可证：%1</translation>
    </message>
    <message>
        <source>Paused: %1</source>
        <translation>已暂停：%1</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>vl::DragHandle</name>
    <message>
        <source>Drag this part of the picture into another program</source>
        <translation>将此局部拖到其他程序</translation>
    </message>
</context>
<context>
    <name>vl::DropOverlay</name>
    <message>
        <source>Drop to add to your question</source>
        <translation>松开即可添加到问题</translation>
    </message>
</context>
<context>
    <name>vl::EngineThread</name>
    <message>
        <source>The model ran out of memory.</source>
        <translation>模型的内存不足。</translation>
    </message>
    <message>
        <source>The model stopped unexpectedly: %1</source>
        <translation>模型意外停止：%1</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>尚未加载模型。</translation>
    </message>
</context>
<context>
    <name>vl::FileFetch</name>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>the server sent another part than was asked for</source>
        <translation>服务器发来的不是所请求的部分</translation>
    </message>
    <message>
        <source>%1 should have %2 bytes, but the server has %3.</source>
        <translation>%1 应为 %2 字节，但服务器上为 %3 字节。</translation>
    </message>
    <message>
        <source>The server sends more of %1 than there should be.</source>
        <translation>服务器发来的 %1 超出了应有的长度。</translation>
    </message>
    <message>
        <source>the connection ended early</source>
        <translation>连接提前中断</translation>
    </message>
    <message>
        <source>the server refused to send a part</source>
        <translation>服务器拒绝发送所请求的部分</translation>
    </message>
    <message>
        <source>the server answered with %1</source>
        <translation>服务器返回 %1</translation>
    </message>
    <message>
        <source>The server does not give out %1: it answered with %2.</source>
        <translation>服务器未提供 %1：返回 %2。</translation>
    </message>
    <message>
        <source>%1 is said to be at %2, where it is not fetched from: only https leads on, to https.</source>
        <translation>服务器把 %1 指向 %2，但不会从那里下载：只允许从 https 重定向到 https。</translation>
    </message>
    <message>
        <source>%1 did not come: %2.</source>
        <translation>未能下载 %1：%2。</translation>
    </message>
</context>
<context>
    <name>vl::HistorySearcher</name>
    <message>
        <source>There is not enough memory to search the history.</source>
        <translation>内存不足，无法搜索历史记录。</translation>
    </message>
</context>
<context>
    <name>vl::ImageActions</name>
    <message>
        <source>Copy the image</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Save the image as…</source>
        <translation>图片另存为…</translation>
    </message>
    <message>
        <source>Show the file in its folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Save the image</source>
        <translation>保存图片</translation>
    </message>
    <message>
        <source>%1 cannot be replaced.</source>
        <translation>无法替换 %1。</translation>
    </message>
</context>
<context>
    <name>vl::ImageCanvas</name>
    <message>
        <source>Image</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>vl::ImageImporter</name>
    <message>
        <source>The file is not there any more.</source>
        <translation>该文件已不存在。</translation>
    </message>
    <message>
        <source>This is not a file.</source>
        <translation>这不是文件。</translation>
    </message>
    <message>
        <source>The file is larger than 1 GiB.</source>
        <translation>该文件超过 1 GiB。</translation>
    </message>
    <message>
        <source>The pasted picture cannot be read.</source>
        <translation>无法读取粘贴的图片。</translation>
    </message>
    <message>
        <source>There is not enough memory to open this image.</source>
        <translation>内存不足，无法打开此图片。</translation>
    </message>
</context>
<context>
    <name>vl::ImageLoader</name>
    <message>
        <source>There is not enough memory to show %1.</source>
        <translation>内存不足，无法显示 %1。</translation>
    </message>
</context>
<context>
    <name>vl::ImageView</name>
    <message>
        <source>What the model sees</source>
        <translation>模型所见</translation>
    </message>
    <message>
        <source>Image %1</source>
        <translation>图片 %1</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Opening the image…</source>
        <translation>正在打开图片…</translation>
    </message>
    <message>
        <source>Preparing what the model sees…</source>
        <translation>正在准备模型所见…</translation>
    </message>
</context>
<context>
    <name>vl::MainWindow</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;New session</source>
        <translation>新建会话(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Open images or documents…</source>
        <translation>打开图片或文档(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Documents that are read…</source>
        <translation>读取的文档(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>模型(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Choose a model folder…</source>
        <translation>选择模型文件夹(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Session</source>
        <translation>会话(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Search the history</source>
        <translation>搜索历史记录(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>重命名(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>删除(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Trash…</source>
        <translation>回收站(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Go to the &amp;question</source>
        <translation>转到问题(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>关于(&amp;A)</translation>
    </message>
    <message>
        <source>Open images or documents</source>
        <translation>打开图片或文档</translation>
    </message>
    <message>
        <source>Images and documents (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.pdf);;All files (*)</source>
        <translation>图片和文档 (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.pdf);;所有文件 (*)</translation>
    </message>
    <message>
        <source>“%1” is in the trash</source>
        <translation>“%1”已移到回收站</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>About %1</source>
        <translation>关于 %1</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1 %2&lt;/b&gt;&lt;p&gt;Ask about images with DeepSeek-VL2, on this computer. Nothing you do here leaves it.&lt;/p&gt;&lt;p&gt;Licence: GPL-3.0-or-later.&lt;/p&gt;</source>
        <translation>&lt;b&gt;%1 %2&lt;/b&gt;&lt;p&gt;在本机用 DeepSeek-VL2 询问图片内容。您在这里所做的一切都不会离开这台电脑。&lt;/p&gt;&lt;p&gt;许可证：GPL-3.0-or-later。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>已保存为 %1</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>&amp;Export the session</source>
        <translation>导出会话(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Import a session…</source>
        <translation>导入会话(&amp;I)…</translation>
    </message>
    <message>
        <source>New &amp;folder</source>
        <translation>新建文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>&amp;Boxes</source>
        <translation>标注框(&amp;B)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>打开最近的文件(&amp;R)</translation>
    </message>
    <message>
        <source>S&amp;ettings…</source>
        <translation>设置(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>键盘快捷键(&amp;K)…</translation>
    </message>
    <message>
        <source>See &amp;images in detail (tiles)</source>
        <translation>细看图片（图块）(&amp;I)</translation>
    </message>
    <message>
        <source>St&amp;op the answer</source>
        <translation>停止回答(&amp;O)</translation>
    </message>
</context>
<context>
    <name>vl::MessageText</name>
    <message>
        <source>Copy this code</source>
        <translation>复制这段代码</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>vl::ModelDetails</name>
    <message>
        <source>Own sizes, %1</source>
        <translation>自定义规格，%1</translation>
    </message>
    <message>
        <source>DeepSeek-VL2 %1, %2</source>
        <translation>DeepSeek-VL2 %1，%2</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>磁盘占用</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Memory needed, of what is free</source>
        <translation>所需内存占可用内存的比例</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Make smaller</source>
        <translation>压缩</translation>
    </message>
    <message>
        <source>Licence…</source>
        <translation>许可证…</translation>
    </message>
    <message>
        <source>Take off the list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Delete from disk…</source>
        <translation>从磁盘删除…</translation>
    </message>
    <message>
        <source>q8_0: half the size of BF16, hardly a difference</source>
        <translation>q8_0：BF16 的一半大小，几乎无差别</translation>
    </message>
    <message>
        <source>q4: a third of BF16, a little less exact</source>
        <translation>q4：BF16 的三分之一，精度略低</translation>
    </message>
    <message>
        <source>Stop loading</source>
        <translation>停止加载</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
    <message numerus="yes">
        <source>%Ln token(s)</source>
        <translation>
            <numerusform>%Ln 词元</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::ModelDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Licence of %1</source>
        <translation>%1 的许可证</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Models in %1 are listed here from now on.</source>
        <translation>今后 %1 中的模型会列在这里。</translation>
    </message>
    <message>
        <source>%1, loaded</source>
        <translation>%1，已加载</translation>
    </message>
    <message>
        <source>Writing %1</source>
        <translation>正在写入 %1</translation>
    </message>
    <message>
        <source>Delete a model</source>
        <translation>删除模型</translation>
    </message>
    <message>
        <source>Delete %1 from the disk?</source>
        <translation>从磁盘删除 %1？</translation>
    </message>
    <message>
        <source>Its files in %1 are gone for good then.</source>
        <translation>它在 %1 中的文件将被永久删除。</translation>
    </message>
    <message>
        <source>Its files in %1 are gone for good then, which frees %2.</source>
        <translation>它在 %1 中的文件将被永久删除，可释放 %2。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Deleting %1</source>
        <translation>正在删除 %1</translation>
    </message>
    <message>
        <source>Download from a list…</source>
        <translation>按列表下载…</translation>
    </message>
    <message>
        <source>Choose the folder of a DeepSeek-VL2 model, which holds config.json and *.safetensors, or one of the list to download.</source>
        <translation>请选择 DeepSeek-VL2 模型的文件夹（其中有 config.json 和 *.safetensors），或从列表中选择一个模型下载。</translation>
    </message>
    <message>
        <source>To download</source>
        <translation>可下载</translation>
    </message>
    <message>
        <source>Partly downloaded</source>
        <translation>已下载一部分</translation>
    </message>
    <message>
        <source>Not on this disk</source>
        <translation>不在本机上</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Open a list of files to download</source>
        <translation>打开下载文件列表</translation>
    </message>
    <message>
        <source>Lists (*.json);;All files (*)</source>
        <translation>列表 (*.json);;所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>vl::ModelDownload</name>
    <message>
        <source>Asking %1 for the list of files</source>
        <translation>正在向 %1 查询文件列表</translation>
    </message>
    <message>
        <source>Checking %1</source>
        <translation>正在校验 %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 could not be reached: %2</source>
        <translation>无法连接到 %1：%2</translation>
    </message>
    <message>
        <source>%1 does not list the files: it answered with %2.</source>
        <translation>%1 未列出文件：返回 %2。</translation>
    </message>
    <message>
        <source>%1 does not say which version it has.</source>
        <translation>%1 未说明其版本。</translation>
    </message>
    <message>
        <source>%1 cannot be created: %2</source>
        <translation>无法创建 %1：%2</translation>
    </message>
    <message>
        <source>There is not enough space in %1: %2 are needed and %3 are free.</source>
        <translation>%1 的空间不足：需要 %2，可用 %3。</translation>
    </message>
    <message>
        <source>%1 cannot be renamed: %2</source>
        <translation>无法重命名 %1：%2</translation>
    </message>
</context>
<context>
    <name>vl::ModelDownloads</name>
    <message>
        <source>%1 could not be read: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>There is a download of the name %1 already.</source>
        <translation>已有名为 %1 的下载。</translation>
    </message>
    <message>
        <source>%1 is too large for a list of files.</source>
        <translation>%1 过大，不会是文件列表。</translation>
    </message>
</context>
<context>
    <name>vl::ModelLibrary</name>
    <message>
        <source>There is not enough memory to look at this model.</source>
        <translation>内存不足，无法查看此模型。</translation>
    </message>
</context>
<context>
    <name>vl::ModelLoader</name>
    <message>
        <source>No model is loaded.</source>
        <translation>尚未加载模型。</translation>
    </message>
</context>
<context>
    <name>vl::ModelWork</name>
    <message>
        <source>It stopped unexpectedly: %1</source>
        <translation>操作意外停止：%1</translation>
    </message>
</context>
<context>
    <name>vl::NoticeBar</name>
    <message>
        <source>Notice</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation>关闭此通知</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>vl::OpenDocument</name>
    <message>
        <source>There is not enough memory to read this page.</source>
        <translation>内存不足，无法读取此页。</translation>
    </message>
    <message>
        <source>The document is not open.</source>
        <translation>文档未打开。</translation>
    </message>
</context>
<context>
    <name>vl::PageListModel</name>
    <message>
        <source>Page %1</source>
        <translation>第 %1 页</translation>
    </message>
</context>
<context>
    <name>vl::PageListView</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>vl::PagePicker</name>
    <message>
        <source>Choose pages</source>
        <translation>选择页面</translation>
    </message>
    <message>
        <source>Add to the question</source>
        <translation>添加到问题</translation>
    </message>
    <message>
        <source>Read the text…</source>
        <translation>读取文字…</translation>
    </message>
    <message>
        <source>Read these pages one after the other, as text that can be saved</source>
        <translation>逐页读取为可保存的文字</translation>
    </message>
    <message>
        <source>Opening the document…</source>
        <translation>正在打开文档…</translation>
    </message>
    <message>
        <source>Password of the document</source>
        <translation>文档密码</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open with this password</source>
        <translation>用此密码打开</translation>
    </message>
    <message>
        <source>Pages to choose</source>
        <translation>要选择的页面</translation>
    </message>
    <message>
        <source>for example 1-3, 5</source>
        <translation>例如 1-3, 5</translation>
    </message>
    <message>
        <source>&amp;Pages:</source>
        <translation>页面(&amp;P)：</translation>
    </message>
    <message>
        <source>&amp;All</source>
        <translation>全部(&amp;A)</translation>
    </message>
    <message>
        <source>Choose all pages</source>
        <translation>选择所有页面</translation>
    </message>
    <message numerus="yes">
        <source>The question has room for %n more image(s); reading the text has no such limit.</source>
        <translation>
            <numerusform>此问题还可添加 %n 张图片；读取文字没有此限制。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n page(s) chosen</source>
        <translation>
            <numerusform>已选 %1 / %n 页</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::PagePrinter</name>
    <message>
        <source>There is not enough memory for a picture of this page.</source>
        <translation>内存不足，无法生成此页的图片。</translation>
    </message>
</context>
<context>
    <name>vl::QuestionWidget</name>
    <message>
        <source>Your question</source>
        <translation>您的问题</translation>
    </message>
    <message>
        <source>Edit this question</source>
        <translation>编辑此问题</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
</context>
<context>
    <name>vl::ReadingPageModel</name>
    <message>
        <source>being read</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>未读取</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>被截断</translation>
    </message>
    <message>
        <source>printed text</source>
        <translation>自带文字</translation>
    </message>
    <message>
        <source>read by the model</source>
        <translation>由模型读取</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>Page %1 · %2</source>
        <translation>第 %1 页 · %2</translation>
    </message>
</context>
<context>
    <name>vl::ReadingView</name>
    <message>
        <source>Pages read</source>
        <translation>已读取的页面</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Picture of the page</source>
        <translation>页面图片</translation>
    </message>
    <message>
        <source>Text of the page</source>
        <translation>页面文字</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Read as a picture</source>
        <translation>作为图片读取</translation>
    </message>
    <message>
        <source>Let the model read the page although it has printed text</source>
        <translation>此页虽有自带文字，仍让模型读取</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Find in the text</source>
        <translation>在文字中查找</translation>
    </message>
    <message>
        <source>Find in the text of all pages</source>
        <translation>在所有页的文字中查找</translation>
    </message>
    <message>
        <source>Keep as a session</source>
        <translation>保存为会话</translation>
    </message>
    <message>
        <source>Puts the text into the history, where it can be searched and asked about</source>
        <translation>将文字存入历史记录，便于搜索和提问</translation>
    </message>
    <message>
        <source>Save text…</source>
        <translation>保存文字…</translation>
    </message>
    <message>
        <source>Save the text as a file</source>
        <translation>将文字保存为文件</translation>
    </message>
    <message>
        <source>Previous page with it</source>
        <translation>上一处所在页</translation>
    </message>
    <message>
        <source>Next page with it</source>
        <translation>下一处所在页</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause reading</source>
        <translation>暂停读取</translation>
    </message>
    <message>
        <source>Continue reading</source>
        <translation>继续读取</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n page(s)</source>
        <translation>
            <numerusform>%1 / %n 页</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, waiting for an answer</source>
        <translation>%1，正在等待一个回答</translation>
    </message>
    <message>
        <source>%1, reading page %2</source>
        <translation>%1，正在读取第 %2 页</translation>
    </message>
    <message>
        <source>%1, paused</source>
        <translation>%1，已暂停</translation>
    </message>
    <message>
        <source>Opening the document…</source>
        <translation>正在打开文档…</translation>
    </message>
    <message>
        <source>Enter the password…</source>
        <translation>请输入密码…</translation>
    </message>
    <message>
        <source>Password of the document:</source>
        <translation>文档密码：</translation>
    </message>
    <message>
        <source>This page is being read…</source>
        <translation>正在读取此页…</translation>
    </message>
    <message>
        <source>There is no text on this page.</source>
        <translation>此页没有文字。</translation>
    </message>
    <message>
        <source>This page has not been read yet. You can also write here.</source>
        <translation>此页尚未读取。您也可以直接在这里输入。</translation>
    </message>
    <message>
        <source>Drawing the page…</source>
        <translation>正在绘制页面…</translation>
    </message>
    <message>
        <source>Do not skip</source>
        <translation>不跳过</translation>
    </message>
    <message numerus="yes">
        <source>on %n page(s)</source>
        <translation>
            <numerusform>在 %n 页中</numerusform>
        </translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>文本 (*.txt)</translation>
    </message>
    <message>
        <source>Save the text</source>
        <translation>保存文字</translation>
    </message>
    <message>
        <source>%1 was not saved: %2</source>
        <translation>未保存 %1：%2</translation>
    </message>
</context>
<context>
    <name>vl::ReadingsDialog</name>
    <message numerus="yes">
        <source>%1
%2 of %n page(s) read · %3</source>
        <translation>
            <numerusform>%1
已读取 %2 / %n 页 · %3</numerusform>
        </translation>
    </message>
    <message>
        <source>Documents that are read</source>
        <translation>读取的文档</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Open or drop a PDF and choose “Read the text…”.</source>
        <translation>打开或拖入 PDF，然后选择“读取文字…”。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Delete “%1” with the text that was read?</source>
        <translation>删除“%1”及其已读取的文字？</translation>
    </message>
</context>
<context>
    <name>vl::RecentFiles</name>
    <message>
        <source>&amp;Clear this list</source>
        <translation>清空此列表(&amp;C)</translation>
    </message>
</context>
<context>
    <name>vl::RegionActions</name>
    <message>
        <source>Zoom to this part</source>
        <translation>放大到此局部</translation>
    </message>
    <message>
        <source>Copy this part of the picture</source>
        <translation>复制此局部</translation>
    </message>
    <message>
        <source>Save this part of the picture…</source>
        <translation>保存此局部…</translation>
    </message>
    <message>
        <source>Ask about this part</source>
        <translation>询问此局部</translation>
    </message>
    <message>
        <source>Mark it in the whole picture and ask</source>
        <translation>在整图中标记并询问</translation>
    </message>
    <message>
        <source>Find the same in another image…</source>
        <translation>在另一张图片中查找相同的东西…</translation>
    </message>
    <message>
        <source>Make it a box of the answer</source>
        <translation>设为回答的标注框</translation>
    </message>
    <message>
        <source>Save this part of the picture</source>
        <translation>保存此局部</translation>
    </message>
    <message>
        <source>PNG (*.png);;JPEG (*.jpg *.jpeg)</source>
        <translation>PNG (*.png);;JPEG (*.jpg *.jpeg)</translation>
    </message>
</context>
<context>
    <name>vl::RegionQuestions</name>
    <message>
        <source>Part: %1</source>
        <translation>局部：%1</translation>
    </message>
    <message>
        <source>Marked: %1</source>
        <translation>标记：%1</translation>
    </message>
    <message>
        <source>A question is being written. Ask or clear it first: finding an object in another image needs a question of its own, in a new session.</source>
        <translation>有一个问题尚未写完。请先提出或清空它：在另一张图片中查找物体需要在新会话中单独提问。</translation>
    </message>
    <message>
        <source>In image %1: %2</source>
        <translation>在图片 %1 中：%2</translation>
    </message>
    <message>
        <source>In another picture…</source>
        <translation>在其他图片中…</translation>
    </message>
    <message>
        <source>Where to look</source>
        <translation>在哪里查找</translation>
    </message>
    <message>
        <source>Images (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif);;All files (*)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif);;所有文件 (*)</translation>
    </message>
    <message>
        <source>A question for a new session is being written there. Ask or clear it first: finding an object in another image needs a new session.</source>
        <translation>新会话中有一个尚未提出的问题。请先提问或将其清空：在另一张图片中查找物体需要使用新会话。</translation>
    </message>
</context>
<context>
    <name>vl::SearchPanel</name>
    <message>
        <source>Search results</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Nothing found.

Titles, questions, answers, labels of boxes, file names and the text of documents were searched; every word has to occur.</source>
        <translation>没有找到。

搜索范围为标题、问题、回答、标注框的标签、文件名和文档中的文字；每个词都必须出现。</translation>
    </message>
</context>
<context>
    <name>vl::SearchResultsModel</name>
    <message>
        <source>Session</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>标注框</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>what was found, when</comment>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Page %1</source>
        <translation>第 %1 页</translation>
    </message>
</context>
<context>
    <name>vl::SessionDelegate</name>
    <message>
        <source>Title of the session</source>
        <translation>会话标题</translation>
    </message>
    <message>
        <source>Name of the folder</source>
        <translation>文件夹名称</translation>
    </message>
</context>
<context>
    <name>vl::SessionFileActions</name>
    <message>
        <source>Markdown with a folder of images…</source>
        <translation>Markdown 和图片文件夹…</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>One HTML file…</source>
        <translation>单个 HTML 文件…</translation>
    </message>
    <message>
        <source>HTML (*.html)</source>
        <translation>HTML (*.html)</translation>
    </message>
    <message>
        <source>JSON, to be imported again…</source>
        <translation>JSON，可重新导入…</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Export the session</source>
        <translation>导出会话</translation>
    </message>
    <message>
        <source>Exporting the session…</source>
        <translation>正在导出会话…</translation>
    </message>
    <message>
        <source>Import a session</source>
        <translation>导入会话</translation>
    </message>
    <message>
        <source>Sessions (*.json);;All files (*)</source>
        <translation>会话 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Importing the session…</source>
        <translation>正在导入会话…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>vl::SessionGroupsModel</name>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>Previous 30 days</source>
        <translation>过去 30 天</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>更早</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n session(s)</source>
        <comment>a group</comment>
        <translation>
            <numerusform>%1，%n 个会话</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::SessionListView</name>
    <message>
        <source>Sessions</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>No folder</source>
        <translation>无文件夹</translation>
    </message>
    <message>
        <source>New folder…</source>
        <translation>新建文件夹…</translation>
    </message>
    <message>
        <source>Remove the folder, keep its sessions</source>
        <translation>移除文件夹，保留其中的会话</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
    </message>
</context>
<context>
    <name>vl::SessionOrganizer</name>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>New folder %1</source>
        <translation>新建文件夹 %1</translation>
    </message>
</context>
<context>
    <name>vl::SessionSettingsDialog</name>
    <message>
        <source>Session settings</source>
        <translation>会话设置</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>None, as the model was trained</source>
        <translation>无，与模型训练时一致</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>Processors that the model uses in this session</source>
        <translation>此会话中模型使用的处理器数量</translation>
    </message>
    <message>
        <source>As many as there are</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Exact: the same answer every time</source>
        <translation>精确：每次回答相同</translation>
    </message>
    <message>
        <source>Demo: as in the publisher&apos;s demo</source>
        <translation>演示：与发布者的演示相同</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>Choice of words</source>
        <translation>选词方式</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>0: always the likeliest word</source>
        <translation>0：总是选择最可能的词</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Only the likeliest words that make up this share</source>
        <translation>只在累计概率达到此值的最可能的词中选择</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Only this many of the likeliest words</source>
        <translation>只在最可能的这么多个词中选择</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Above 1: what was said before becomes less likely</source>
        <translation>大于 1：说过的内容更不容易再次出现</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Another one each time</source>
        <translation>每次不同</translation>
    </message>
    <message>
        <source>Of the last answer</source>
        <translation>取自上次回答</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>最大回答长度</translation>
    </message>
    <message>
        <source>An answer is cut off there; it can be continued</source>
        <translation>回答到此长度即被截断，之后可以继续</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> 词元</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>What questions, images and answers may take together at most</source>
        <translation>问题、图片和回答合计最多占用的长度</translation>
    </message>
    <message>
        <source>All the model has</source>
        <translation>模型的全部上下文</translation>
    </message>
</context>
<context>
    <name>vl::SessionTransfer</name>
    <message>
        <source>There is not enough memory for this session.</source>
        <translation>内存不足，无法处理此会话。</translation>
    </message>
</context>
<context>
    <name>vl::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Elsewhere</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>vl::ShownSession</name>
    <message>
        <source>Waiting for the model</source>
        <translation>正在等待模型</translation>
    </message>
    <message>
        <source>Being written in another window</source>
        <translation>正在另一个窗口中生成</translation>
    </message>
</context>
<context>
    <name>vl::Sidebar</name>
    <message>
        <source>New session</source>
        <translation>新建会话</translation>
    </message>
    <message>
        <source>New session (%1)</source>
        <translation>新建会话 (%1)</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the history</source>
        <translation>搜索历史记录</translation>
    </message>
    <message>
        <source>Search the history (%1)</source>
        <translation>搜索历史记录 (%1)</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Choose one to begin</source>
        <translation>请先选择模型</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Ready, on this computer</source>
        <translation>已在本机就绪</translation>
    </message>
    <message>
        <source>Could not be loaded</source>
        <translation>无法加载</translation>
    </message>
</context>
<context>
    <name>vl::TaskRow</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>More to ask for, and the language of it</source>
        <translation>更多任务和提问语言</translation>
    </message>
    <message>
        <source>Ask in</source>
        <translation>提问语言</translation>
    </message>
</context>
<context>
    <name>vl::TextDialog</name>
    <message>
        <source>%1 could not be read: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>The rest is in %1.</source>
        <translation>其余内容在 %1 中。</translation>
    </message>
</context>
<context>
    <name>vl::ThumbnailButton</name>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>vl::Toast</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>vl::TrashDialog</name>
    <message>
        <source>Trash</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Sessions stay here for %1 days before they are gone.</source>
        <translation>会话在这里保留 %1 天，之后彻底删除。</translation>
    </message>
    <message>
        <source>Deleted sessions</source>
        <translation>已删除的会话</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>彻底删除</translation>
    </message>
    <message>
        <source>%1 (deleted %2)</source>
        <translation>%1（删除于 %2）</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n session(s) for good?</source>
        <translation>
            <numerusform>彻底删除 %n 个会话？</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::WelcomePage</name>
    <message>
        <source>Ask about an image</source>
        <translation>询问一张图片</translation>
    </message>
    <message>
        <source>Drop an image or a PDF here, paste one, or open a file.
Everything stays on this computer.</source>
        <translation>将图片或 PDF 拖放到这里、粘贴，或打开文件。
一切都留在这台电脑上。</translation>
    </message>
    <message>
        <source>Open images…</source>
        <translation>打开图片…</translation>
    </message>
    <message>
        <source>Open images</source>
        <translation>打开图片</translation>
    </message>
    <message>
        <source>Or try a sample</source>
        <translation>或试试示例</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>Choose or download the model that answers</source>
        <translation>选择或下载用来回答的模型</translation>
    </message>
</context>
<context>
    <name>vl::ageText</name>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
</context>
</TS>
