"""The commonest words of languages we do not serve, without those that Kazakh or Russian in Latin share with them."""

from __future__ import annotations

_WORDS = {
    "en": """the a an and or but if of to in for with from by about into over after before is are was were be been am
        being do does did done have has had can could will would should may might must i you he she it we they me him
        her us them my your his our their this that these those there here what which who where when why how not no
        yes all any some more most very just only also too please thank thanks sorry hello hi good bad nice work
        works working need want help know get got make give go going come take use see look like time day year
        people way new old first last long great little own other right big high small large next early young
        important few public same able don't doesn't can't i'm isn't it's didn't won't i've you're because than then
        so such both each every between under again never always often still street house water road money phone
        school child children doctor hospital police passport document application complaint answer request fix pay
        call write speak english understand open closed""",
    "tr": """ve bir bu için ile çok daha ama gibi kadar sonra önce değil var yok mı mi mu mü ne nasıl neden nerede kim
        hangi bana sana ona bize size benim senin onun bizim sizin ben o biz siz onlar şey her hiç ise ya da evet
        hayır lütfen teşekkür teşekkürler merhaba günaydın istiyorum yapmalıyım alabilirim olabilir olarak olan
        oldu olur şimdi bugün yarın dün gün saat yardım ihtiyacım nereye türkçe biliyor çalışmıyor gelmedi misiniz
        musunuz iyi kötü güzel yeni eski su ev yol okul""",
    "uz": """va bu uchun bilan ham lekin yoki emas bor yo'q yoq qanday nima nega qachon qayerda kim qaysi menga
        sizga unga bizga mening sizning uning bizning men siz biz ular hamma har hech ha iltimos rahmat assalomu
        alaykum kerak mumkin bo'ladi bo'lsa qilish qilaman qiladi bugun ertaga kecha yordam uyda suv yo'l maktab
        ва бу учун билан ҳам лекин ёки эмас бор йўқ қандай нима нега қачон қаерда ким қайси менга сизга унга бизга
        раҳмат ассалому алайкум керак мумкин бўлади қилиш қиламан бугун эртага кеча ёрдам""",
    "ky": """жана бул үчүн менен бирок же эмес кантип эмне эмнеге качан кайда ким кайсы мага сага ага бизге сизге
        менин сенин анын биздин сиздин алар бардык ар эч ооба жок саламатсызбы рахмат чоң керек болот эле экен жатам
        жатат жатабыз бүгүн эртең жардам үйдө жолдо мектепте кыргызча кыргыз өз ушул ошол абдан жакшы бербей
        билбейм түшүнүксүз айтып коюңузчу сураныч кечиресиз акыркы боюнча тууралуу""",
    "uk": """і й та або але що як це цей ця ці є не ні так для від до після перед між через у в на з із за при
        мені мене нам вам його її їх мій ваш наш який яка яке де коли чому хто чи можна потрібно треба дуже дякую
        будь ласка вибачте доброго дня сьогодні завтра вчора допомога допоможіть вже ще тільки немає отримати
        ми ви вони він вона був була були буде щоб якщо""",
    "tt": """һәм өчен белән ләкин яки түгел ничек нәрсә ник кайчан кайда кем миңа сиңа аңа безгә сезгә минем синең
        аның безнең сезнең бар юк рәхмәт исәнмесез кирәк була бүген иртәгә кичә ярдәм өйдә бик шул бу дә генә""",
    "de": """und oder aber der die das den dem ein eine einen ist sind war ich du er sie es wir ihr mir mich uns nicht
        kein keine ja nein bitte danke guten tag wie was wo wann warum wer mit von zu für auf bei nach aus über
        haben habe hat sein werden wird kann können möchte brauche hilfe sehr auch nur noch schon mein meine""",
    "fr": """le la les un une des du de et ou mais est sont était je tu il elle nous vous ils mon ma mes votre notre
        ce cette ces pas ne oui non merci bonjour comment quoi où quand pourquoi qui avec pour dans sur sans j'ai
        besoin aide plus très aussi""",
    "es": """el la los las un una de y o pero es son está yo tú él ella nosotros mi su sus este esta no sí por
        favor gracias hola cómo qué dónde cuándo quién con para en sin muy también más necesito ayuda hay tengo""",
    "it": """il lo gli una di e ma è sono io tu lui lei noi voi mio sua questo questa sì grazie buongiorno come
        cosa dove quando perché chi con per senza molto anche più ho bisogno aiuto""",
    "az": """və bir bu üçün ilə çox daha amma kimi deyil var yoxdur necə niyə harada nə vaxt mənə sənə ona bizə sizə
        mənim sənin onun bizim sizin mən siz bəli xeyr zəhmət sağ olun kömək lazımdır gün hara edim""",
    "tg": """ва аз ба дар барои бо ин он ки ман шумо мо онҳо чӣ чаро куҷо кай кист не ҳа ташаккур салом лозим аст
        нест ҳаст имрӯз фардо дирӯз кӯмак ёрӣ хона об роҳ кунам""",
}
# The same spelling in Kazakh or Russian, in either script.
_SHARED = frozenset(
    """a i o u y e an am is it at be by do on in no us as or men ne bir bar biz siz kim ben kerek emes ham kirek jok
    su kun gun har ar ama bu ma me mu mi so go ol ona onda jol yol okul dom to ty my ja ya il de la un mes et da sen
    он не и в на за с ба до мы так для по при через я або ким кайда же жок экен бар менен болот жол мен сен биз сиз
    жалпы керек эле ар ага уже вы у це де как вы ми це з на бу бик була ва ин он ки мо не аз дар бо об ман кай""".split()
)

LANGUAGE_OF = {
    word: language for language, row in _WORDS.items() for word in row.split() if word not in _SHARED
}
"""Lower-case word → the foreign language it is typical of (the last named, where several share it)."""
