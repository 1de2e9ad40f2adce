#include "graft/report/html_assets.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

constexpr const char* rules = R"css(
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);
  font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
main,header{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:26px;line-height:1.25;margin:0 0 2px;overflow-wrap:anywhere}
h2{font-size:19px;margin:0 0 14px}
h3{font-size:15px;margin:22px 0 6px}
p{margin:0 0 12px;max-width:75ch}
a{color:var(--s0)}
.muted,.caption,figcaption{color:var(--muted)}
.sub{color:var(--muted);overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin:14px 0 4px}
section,.tiles>div,.notice{background:var(--card);border:1px solid var(--grid);border-radius:10px}
section{padding:18px 20px;margin:16px 0}
.notice{padding:10px 16px;margin:14px 0;border-left:4px solid var(--wrong)}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:10px;margin:16px 0}
.tiles>div{padding:10px 14px}
.tiles dt{color:var(--muted);font-size:13px}
.tiles dd{margin:0;font-size:21px;font-weight:600;overflow-wrap:anywhere;line-height:1.3}
.tiles dd.long{font-size:16px;line-height:1.4}
.tiles dd small{display:block;font-size:13px;font-weight:400;color:var(--muted)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(380px,100%),1fr));gap:12px 24px}
.charts>svg{width:100%}
.side{display:flex;flex-wrap:wrap;gap:8px 36px;align-items:flex-start}
.side>*{max-width:100%;min-width:0}
.side>.narrow{max-width:min(46ch,100%)}
svg{display:block;max-width:100%;height:auto;font-family:inherit}
.scroll,.wide{overflow-x:auto;
  background:linear-gradient(90deg,var(--card) 30%,transparent) 0/40px 100% no-repeat local,
    linear-gradient(-90deg,var(--card) 30%,transparent) 100%/40px 100% no-repeat local,
    linear-gradient(90deg,var(--shadow),transparent) 0/12px 100% no-repeat scroll,
    linear-gradient(-90deg,var(--shadow),transparent) 100%/12px 100% no-repeat scroll}
.scroll svg{max-width:none}
.wide{margin:0 0 14px}
th:last-child,td:last-child{padding-right:0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.caption{margin:0 0 6px}
tr.marked>*{background:var(--page)}
.best{display:inline-block;font-size:12px;line-height:16px;padding:0 6px;border-radius:8px;background:var(--right);
  color:var(--on-fill);margin-right:4px}
th,td{padding:4px 14px 4px 0;text-align:left;border-bottom:1px solid var(--grid);vertical-align:top}
tbody th{font-weight:500}
tbody th{max-width:36ch}
td{max-width:44ch}
td,th:not(.number){overflow-wrap:break-word;min-width:7ch}
.word{white-space:nowrap}
.named{display:flex;align-items:baseline}
.named .key{flex:none}
.long{display:inline-block;min-width:12ch;max-width:100%;overflow-wrap:anywhere}
th.number,td.number{text-align:right;min-width:0}
tbody .number{white-space:nowrap}
thead th{font-size:13px;color:var(--muted);font-weight:600;vertical-align:bottom}
th button{all:unset;cursor:pointer;color:inherit}
th button:hover{color:var(--text)}
th button:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
th[aria-sort=ascending] button::after{content:" ▲"}
th[aria-sort=descending] button::after{content:" ▼"}
.share{display:inline-block;width:64px;height:8px;margin-right:8px;border-radius:4px;background:var(--grid);
  vertical-align:middle;overflow:hidden}
.share>span{display:block;height:100%;background:var(--s0)}
.key{display:inline-block;width:14px;height:14px;border-radius:3px;margin-right:8px;vertical-align:-2px}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(160px,1fr));gap:16px 14px;margin:0 0 8px;padding:0}
.pictures figure{margin:0;min-width:0}
.pictures img,.missing{display:block;width:160px;max-width:100%;height:160px;object-fit:contain;border-radius:6px;
  background:var(--page);border:1px solid var(--grid)}
.missing{padding:10px;font-size:12px;color:var(--muted);overflow:hidden;overflow-wrap:anywhere}
.pictures figcaption{font-size:13px;line-height:1.4;margin-top:5px;overflow-wrap:anywhere}
.pictures b{color:var(--text);font-weight:600}
.yes{color:var(--s2)}.no{color:var(--s1)}
.sheets{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:0 24px;align-items:start}
.sheet{max-width:100%;height:auto;border-radius:6px;border:1px solid var(--grid)}
@media(prefers-color-scheme:dark){.sheet{filter:brightness(.88)}}
pre{background:var(--page);border:1px solid var(--grid);border-radius:6px;padding:10px 14px;overflow-x:auto;
  font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
details{margin:10px 0 0}
summary{cursor:pointer;color:var(--muted)}
details[open]>summary{margin-bottom:8px}
.asked th,.asked td{font-weight:600}
.hint:hover{stroke:var(--text);stroke-width:1}
.band:hover{stroke:none;fill:var(--muted);fill-opacity:.14}
.tip{position:fixed;z-index:1;pointer-events:none;white-space:pre-line;background:var(--text);color:var(--card);
  font-size:13px;line-height:1.4;padding:6px 10px;border-radius:6px;max-width:300px;overflow-wrap:anywhere}
.tip[hidden]{display:none}
footer{max-width:1120px;margin:0 auto;padding:4px 20px 32px;color:var(--muted);font-size:13px}
@media(max-width:520px){main,header,footer{padding-left:12px;padding-right:12px}section{padding:14px 12px}
  .tiles{grid-template-columns:repeat(2,1fr)}.pictures{grid-template-columns:repeat(2,1fr)}
  .pictures img,.missing{width:100%}
  .share,.minor{display:none}table{font-size:12px}thead th{font-size:11px}th,td{padding-right:6px}.tiles dd.long{font-size:14px}
  .charts svg text{font-size:15px}.key{margin-right:4px}
  .stacked{display:grid;grid-template-columns:repeat(var(--numbers),auto)}
  .stacked thead,.stacked tbody,.stacked tr{display:contents}
  .stacked tbody th{grid-column:1/-1;max-width:none;border-bottom:0;padding-bottom:0}
  .stacked thead th:first-child{grid-column:1/-1;border-bottom:0}}
@media print{section{break-inside:avoid}nav{display:none}}
)css";

}  // namespace

std::string page_style() {
  return ":root{color-scheme:light dark;--page:#f6f8fa;--card:#ffffff;--shadow:#0003;" + palette_css(false) +
         "}\n@media(prefers-color-scheme:dark){:root{--page:#0d1117;--card:#161b22;--shadow:#fff3;" +
         palette_css(true) + "}}" + rules;
}

}  // namespace graft
