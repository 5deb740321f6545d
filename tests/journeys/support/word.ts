/** What Word puts on the clipboard: its HTML with conditional comments and mso styles, and a picture. */
import sharp from 'sharp';

export async function makePicture(): Promise<Buffer> {
  const text = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="600"><rect width="1200" height="600" fill="#1f6aa5"/><rect x="80" y="80" width="1040" height="440" rx="24" fill="#fff"/><circle cx="260" cy="300" r="120" fill="#e8b23a"/><rect x="440" y="220" width="560" height="40" fill="#1f6aa5"/><rect x="440" y="300" width="420" height="40" fill="#8fb8d6"/><rect x="440" y="380" width="480" height="40" fill="#8fb8d6"/></svg>',
  );
  return sharp(text).jpeg({ quality: 90 }).toBuffer();
}

export async function wordClipboard(): Promise<string> {
  const picture = (await makePicture()).toString('base64');
  return `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm;font-size:12.0pt;font-family:宋体} --></style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->
<h2><span style='mso-ascii-font-family:Calibri'>谁可以办</span></h2>
<p class=MsoNormal style='text-indent:24.0pt;mso-char-indent-count:2.0'><span style='font-size:12.0pt'>达到法定退休年令、缴费年限符合规定的企业职工，都可以申请办理退休“一件事”。<o:p></o:p></span></p>
<h2>怎么办</h2>
<p class=MsoListParagraph style='margin-left:18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;</span></span><![endif]>到龄前三个月，带上身份证和社会保障卡，到县政务服务中心人社窗口。<o:p></o:p></p>
<p class=MsoListParagraph style='margin-left:18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>2.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;</span></span><![endif]>填一张申请表，交一次材料。<o:p></o:p></p>
<p class=MsoNormal><img width=554 height=277 src="data:image/jpeg;base64,${picture}" alt=""></p>
<p class=MsoNormal>有疑问可以在文章下面留言，我们在工作日答复。<o:p></o:p></p>
<!--EndFragment--></body></html>`;
}
