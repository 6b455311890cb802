"""Host names that are nobody's own, as far as they are commonly met in customers' records."""


def words(text: str) -> frozenset[str]:
    """A list that is written as a text."""
    return frozenset(text.split())


SHARED = words(
    """
    linkedin.com lnkd.in facebook.com fb.com fb.me instagram.com twitter.com x.com t.co tiktok.com
    youtube.com youtu.be vimeo.com pinterest.com reddit.com threads.net bsky.app xing.com whatsapp.com wa.me
    t.me telegram.me discord.com discord.gg snapchat.com twitch.tv weibo.com vk.com medium.com substack.com
    tumblr.com quora.com github.com github.io gitlab.com gitlab.io bitbucket.org bitbucket.io
    sourceforge.net huggingface.co google.com google.de googleusercontent.com goo.gl g.page business.site
    web.app firebaseapp.com appspot.com blogspot.com blogger.com wordpress.com wixsite.com squarespace.com
    weebly.com jimdo.com jimdofree.com jimdosite.com webnode.com webflow.io framer.website framer.ai
    carrd.co notion.site notion.so netlify.app vercel.app pages.dev workers.dev herokuapp.com onrender.com
    fly.dev azurewebsites.net cloudfront.net amazonaws.com myshopify.com etsy.com ebay.com amazon.com
    amazon.de godaddysites.com square.site hubspotpagebuilder.com hs-sites.com mystrikingly.com
    strikingly.com yolasite.com site123.me webs.com tripod.com angelfire.com gitbook.io readthedocs.io
    atlassian.net zendesk.com force.com my.site.com sharepoint.com dropbox.com calendly.com linktr.ee
    beacons.ai bit.ly tinyurl.com ow.ly yelp.com tripadvisor.com crunchbase.com wikipedia.org northdata.de
    northdata.com glassdoor.com indeed.com kununu.com trustpilot.com gelbeseiten.de yellowpages.com
    my.salesforce.com lightning.force.com app.box.com onedrive.live.com wikidata.org
    """
)
"""Hosts on which many have a page, whatever stands before them."""

MAIL = words(
    """
    gmail.com googlemail.com outlook.com outlook.de outlook.fr outlook.es outlook.it hotmail.com hotmail.de
    hotmail.co.uk hotmail.fr hotmail.it hotmail.es hotmail.se live.com live.de live.fr live.co.uk live.nl
    live.se msn.com passport.com office365.com onmicrosoft.com yahoo.com yahoo.de yahoo.fr yahoo.es yahoo.it
    yahoo.co.uk yahoo.co.jp yahoo.co.in yahoo.com.br yahoo.ca ymail.com rocketmail.com aol.com aol.de
    aim.com icloud.com me.com mac.com gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.eu web.de t-online.de
    freenet.de arcor.de email.de mail.de posteo.de posteo.net mailbox.org kabelmail.de vodafone.de
    vodafonemail.de unitybox.de 1und1.de bluewin.ch hispeed.ch aon.at chello.at orange.fr wanadoo.fr free.fr
    sfr.fr laposte.net neuf.fr bbox.fr libero.it virgilio.it tiscali.it alice.it tin.it fastwebnet.it
    telefonica.net terra.es ziggo.nl kpnmail.nl planet.nl xs4all.nl home.nl telenet.be skynet.be proximus.be
    spray.se comhem.se online.no broadpark.no jubii.dk mail.dk sapo.pt wp.pl onet.pl interia.pl seznam.cz
    centrum.cz email.cz azet.sk freemail.hu citromail.hu abv.bg mail.bg yandex.com yandex.ru ya.ru mail.ru
    bk.ru list.ru inbox.ru rambler.ru ukr.net i.ua btinternet.com btopenworld.com sky.com virginmedia.com
    talktalk.net blueyonder.co.uk ntlworld.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net
    charter.net cox.net earthlink.net juno.com optonline.net roadrunner.com rr.com shaw.ca sympatico.ca
    telus.net bigpond.com optusnet.com.au xtra.co.nz qq.com foxmail.com 163.com 126.com yeah.net sina.com
    sohu.com aliyun.com naver.com daum.net hanmail.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp
    rediffmail.com uol.com.br bol.com.br terra.com.br ig.com.br protonmail.com protonmail.ch proton.me pm.me
    tutanota.com tutanota.de tuta.io tuta.com fastmail.com fastmail.fm hushmail.com zoho.com zohomail.com
    zohomail.eu hey.com duck.com mail.com email.com usa.com inbox.com lycos.com mailinator.com
    guerrillamail.com yopmail.com trashmail.com 10minutemail.com temp-mail.org privaterelay.appleid.com
    """
)
"""Who gives mail addresses to everybody."""

RESERVED = words(
    """
    example.com example.org example.net example.edu test.com test.de test.org test.net domain.com
    mydomain.com yourdomain.com yourcompany.com company.com website.com none.com na.com noemail.com
    nomail.com noreply.com email.com mail.com localhost.localdomain
    """
)
"""Names that only fill a field."""

RESERVED_ENDS = (".test", ".invalid", ".localhost", ".local", ".localdomain", ".internal", ".lan")
"""Ends of names that mean nothing outside one network."""

SUFFIXES = words(
    """
    co.uk org.uk ac.uk gov.uk ltd.uk plc.uk me.uk com.au net.au org.au co.nz org.nz co.jp or.jp ne.jp co.kr
    co.in com.br com.ar com.mx com.co com.pe com.tr com.pl com.ua com.cn com.hk com.tw com.sg com.my com.ph
    com.vn co.id co.th co.za co.il co.at or.at com.es com.pt com.gr eu.com uk.com us.com de.com
    """
)
"""What names are registered under: the name itself is missing."""
