"""Which words together mean which danger: the table `dialogs.emergency` reads, first rule first."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs import emergency_words as w

CALM: tuple[w.Group, ...] = (w.STORY, w.YESTERDAY, w.LONG_AGO, w.PAPERS, w.STUDY, w.HABIT)
"""Signs that nothing happens now."""
CALM_BUT_YESTERDAY = (w.STORY, w.LONG_AGO, w.PAPERS, w.STUDY, w.HABIT)
"""For those who went yesterday and are looked for today."""
CALM_ABOUT_GAS = (w.STORY, w.LONG_AGO, w.PAPERS, w.HABIT)
"""Whoever asks what to do when it smells of gas may smell it."""
CALM_ABOUT_LIFE = (w.STORY, w.STUDY)
"""Whoever tires of life may have courts and years behind it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A word of each group, all within so many words of the first, mean `kind`.

    None of `unless` may occur anywhere, nor of `calm` in a message without a plea of `emergency_words.URGENT`.
    """

    kind: str
    groups: tuple[w.Group, ...]
    unless: tuple[w.Group, ...] = ()
    calm: tuple[w.Group, ...] = CALM
    within: int = 6
    at_most: int | None = None
    """Words of the message, for what is a cry only when little else is said."""


RULES: tuple[Rule, ...] = (
    Rule("medical", (w.CHOKING,), unless=(w.NOT_AMBULANCE,)),
    Rule("medical", (w.MONOXIDE, w.UNCONSCIOUS)),
    Rule("medical", (w.POISON, w.CHILD, w.SICK), unless=(w.NOT_AMBULANCE,)),
    Rule("selfharm", (w.NO_LIFE,), unless=(w.NOT_DEATH,), calm=CALM_ABOUT_LIFE),
    Rule("selfharm", (w.GOODBYE, w.LAST_WORDS), at_most=14),
    Rule("selfharm", (w.VEINS, w.CUTS), unless=(w.NOT_DEATH,), calm=CALM_ABOUT_LIFE, within=3),
    Rule("selfharm", (w.ROPE, w.GONE_WITH), within=5),
    Rule("selfharm", (w.LEDGE, w.JUMP), within=4),
    Rule(
        "fire",
        (w.BURNS, w.COMBUSTIBLE),
        unless=(w.FIRE_SERVICE, w.BURNING_HEART, w.BURNING_LIGHT, w.ORDINARY_SMOKE),
        within=4,
    ),
    Rule("gas", (w.GAS, w.GAS_ESCAPES), unless=(w.GAS_ELSEWHERE,), calm=CALM_ABOUT_GAS, within=5),
    Rule("gas", (w.GAS, w.GAS_STUCK), unless=(w.GAS_ELSEWHERE,), within=5),
    Rule("gas", (w.MONOXIDE,), unless=(w.GAS_ELSEWHERE,)),
    Rule("violence", (w.RAPE,)),
    Rule("violence", (w.STABS,)),
    Rule("violence", (w.BEATS, w.VICTIM), unless=(w.NOT_BEATING, w.COMPLAINING, w.BEAST), within=5),
    Rule("violence", (w.BEATS, w.NOW), unless=(w.NOT_BEATING, w.COMPLAINING, w.BEAST), within=3, at_most=8),
    Rule("violence", (w.BEATEN, w.VICTIM, w.AT_HAND), unless=(w.NOT_BEATING, w.COMPLAINING, w.BEAST)),
    Rule("crime", (w.EXTORTS, w.BY_FORCE), unless=(w.NOT_CRIME,)),
    Rule("crime", (w.BREAKS_IN, w.STRANGER), unless=(w.NOT_CRIME,), within=4),
    Rule("violence", (w.BLADE, w.AT_HAND), unless=(w.NOT_CRIME, w.BEAST), within=5),
    Rule("violence", (w.KILLS, w.THREATENS), unless=(w.BEAST,)),
    Rule("violence", (w.KILLS, w.ME), unless=(w.NOT_BEATING, w.BEAST), within=2, at_most=8),
    Rule("violence", (w.HELD, w.CAPTOR), unless=(w.BEAST,), within=5),
    Rule("violence", (w.GANG_UP, w.ANYONE), unless=(w.BEAST,), within=3),
    Rule("violence", (w.HOME_VIOLENCE, w.ALIVE_NOW), unless=(w.COMPLAINING,), within=4),
    Rule("crime", (w.HOSTAGE,)),
    Rule("crime", (w.SHOOTING,), unless=(w.NOT_CRIME, w.BEAST)),
    Rule("crime", (w.WEAPON, w.WEAPON_USED), unless=(w.NOT_CRIME, w.BEAST), within=5),
    Rule("crime", (w.FIGHT, w.FIGHT_NOW)),
    Rule("crime", (w.STRANGER, w.STRANGER_IN), unless=(w.NOT_CRIME,), within=4),
    Rule("crime", (w.BREAKS_IN, w.HOME_OF), unless=(w.NOT_CRIME,), within=3, at_most=9),
    Rule("violence", (w.SHUT_IN, w.AGGRESSOR), unless=(w.BEAST,)),
    Rule("crime", (w.ROBS, w.ROBS_NOW), unless=(w.NOT_CRIME,), within=5),
    Rule("crime", (w.BOMB, w.BOMB_AT), unless=(w.NOT_CRIME,)),
    Rule("crime", (w.KILLING,), unless=(w.NOT_CRIME, w.NOT_BEATING, w.BEAST), at_most=12),
    Rule("crime", (w.SCAM, w.SCAM_NOW)),
    Rule("rescue", (w.WIRE, w.WIRE_DOWN), unless=(w.NOT_WIRE,), within=5),
    Rule("rescue", (w.ICE, w.ICE_BREAKS), within=4),
    Rule("fire", (w.FIRE,), unless=(w.FIRE_SERVICE, w.BURNING_HEART), at_most=10),
    Rule("fire", (w.FIRE, w.FIRE_AT), unless=(w.FIRE_SERVICE, w.BURNING_HEART), within=4),
    Rule("fire", (w.FLAMES, w.FLAMES_AT), unless=(w.FIRE_SERVICE, w.BURNING_HEART), within=4),
    Rule("fire", (w.SMOKE, w.SMOKE_AT), unless=(w.FIRE_SERVICE, w.ORDINARY_SMOKE), within=4),
    Rule("fire", (w.FIREFIGHTERS, w.NOW), within=4),
    Rule("fire", (w.PUTTING_OUT,), at_most=14),
    Rule("fire", (w.BLAST, w.BLAST_AT), unless=(w.ORDINARY_BLAST, w.BURNING_HEART), within=4),
    Rule("missing", (w.LOST, w.CHILD), unless=(w.LOST_THING,), calm=CALM_BUT_YESTERDAY, within=8),
    Rule("missing", (w.LOST, w.ADULT), unless=(w.LOST_THING,), calm=CALM_BUT_YESTERDAY, within=6),
    Rule(
        "missing", (w.NOT_COME, w.CHILD), unless=(w.LOST_THING, w.PAYMENT), calm=CALM_BUT_YESTERDAY, within=8
    ),
    Rule(
        "missing", (w.NOT_COME, w.ADULT), unless=(w.LOST_THING, w.PAYMENT), calm=CALM_BUT_YESTERDAY, within=6
    ),
    Rule("missing", (w.ABDUCTED, w.CHILD), unless=(w.LOST_THING,), calm=CALM_BUT_YESTERDAY, within=5),
    Rule("missing", (w.VANISHED, w.WENT), unless=(w.LOST_THING, w.BEAST), calm=CALM_BUT_YESTERDAY),
    Rule("missing", (w.STRAYED, w.GONE_AWAY), unless=(w.LOST_THING,), calm=CALM_BUT_YESTERDAY),
    Rule("rescue", (w.DROWNS, w.DROWN_WHO), unless=(w.CARGO,), within=4),
    Rule("rescue", (w.FELL_IN, w.PIT, w.ANYONE)),
    Rule("rescue", (w.FELL_IN, w.WATER, w.ANYONE), unless=(w.CARGO,)),
    Rule("rescue", (w.COLLAPSES, w.STRUCTURE, w.BURIED)),
    Rule("rescue", (w.IN_LIFT, w.STUCK), unless=(w.LIFT_SERVICE,), within=5),
    Rule("rescue", (w.LIFT, w.TRAPPED), unless=(w.LIFT_SERVICE,), within=5),
    Rule("rescue", (w.FLOOD, w.FLOOD_NOW), unless=(w.FLOOD_SERVICE,)),
    Rule("rescue", (w.SLIDE, w.SLIDE_NOW)),
    Rule("rescue", (w.STORM, w.STRANDED), unless=(w.STORM_SERVICE,)),
    Rule("rescue", (w.WILD, w.WE_ARE_LOST), within=5),
    Rule("rescue", (w.LOCKED_IN, w.CHILD, w.LOCKED_DANGER)),
    Rule("rescue", (w.CRUSHES, w.HEAVY, w.UNDER), unless=(w.NOT_CRASH,)),
    Rule("accident", (w.CRASH_NAME,), unless=(w.NOT_CRASH,), at_most=2),
    Rule("accident", (w.CRASH_NAME, w.CRASH_HURT), unless=(w.NOT_CRASH,)),
    Rule("accident", (w.CRASHES, w.CRASH_THING, w.CRASH_HURT), unless=(w.NOT_CRASH, w.BEAST)),
    Rule("accident", (w.CRASHES, w.VEHICLE), unless=(w.NOT_CRASH, w.BEAST), within=3, at_most=6),
    Rule("accident", (w.RAN_OVER, w.SOMEONE), unless=(w.NOT_CRASH, w.BEAST), within=3),
    Rule("medical", (w.UNCONSCIOUS,), unless=(w.NOT_AMBULANCE,)),
    Rule("medical", (w.MOTIONLESS, w.ANYONE), unless=(w.NOT_AMBULANCE,), within=3, at_most=12),
    Rule("medical", (w.BREATHLESS,), unless=(w.NOT_AMBULANCE, w.ORDINARY_SMOKE)),
    Rule("medical", (w.BLEEDS,), unless=(w.NOT_AMBULANCE,)),
    Rule("medical", (w.BLOOD, w.FLOWS), unless=(w.NOT_AMBULANCE, w.BEAST), within=3),
    Rule("medical", (w.BIRTH,), unless=(w.NOT_AMBULANCE,)),
    Rule("medical", (w.ATTACK, w.ATTACK_NOW), unless=(w.NOT_AMBULANCE,)),
    Rule("medical", (w.HEART, w.HEART_HURTS), unless=(w.NOT_AMBULANCE, w.FIGURATIVE_HEART), within=4),
    Rule("medical", (w.POISON, w.SICK), unless=(w.NOT_AMBULANCE, w.BEAST)),
    Rule("medical", (w.DYING, w.ANYONE), unless=(w.NOT_AMBULANCE, w.NOT_DYING), within=4),
    Rule("medical", (w.VERY_ILL,), unless=(w.NOT_AMBULANCE,)),
    Rule("medical", (w.FALLS, w.HEIGHT, w.SOMEONE), unless=(w.NOT_AMBULANCE, w.BEAST), within=4),
    Rule("medical", (w.TORMENT, w.ANYONE), unless=(w.NOT_AMBULANCE, w.BEAST), within=4),
    Rule("medical", (w.INJURY, w.INJURY_GRAVE), unless=(w.NOT_AMBULANCE, w.BEAST)),
    Rule("medical", (w.AMBULANCE, w.AMBULANCE_NOW), unless=(w.NOT_AMBULANCE,), within=4),
    # Words that citizens' everyday requests hardly know: in a short message they need nothing beside them.
    Rule("violence", (w.BEATS,), unless=(w.NOT_BEATING, w.COMPLAINING, w.BEAST), at_most=10),
    Rule("violence", (w.RAGES,), unless=(w.COMPLAINING, w.BEAST), at_most=12),
    Rule("violence", (w.HIDING,), unless=(w.BEAST,), at_most=10),
    Rule("violence", (w.GANG_UP,), unless=(w.BEAST,), at_most=10),
    Rule("crime", (w.WEAPON,), unless=(w.NOT_CRIME, w.BEAST), at_most=10),
    Rule("crime", (w.FIGHT,), at_most=8),
    Rule("crime", (w.ROBS,), unless=(w.NOT_CRIME,), at_most=7),
    Rule("crime", (w.BOMB,), unless=(w.NOT_CRIME,), at_most=8),
    Rule(
        "fire",
        (w.BURNS,),
        unless=(w.FIRE_SERVICE, w.BURNING_HEART, w.BURNING_LIGHT, w.ORDINARY_SMOKE),
        at_most=8,
    ),
    Rule("fire", (w.FLAMES,), unless=(w.FIRE_SERVICE, w.BURNING_HEART), at_most=10),
    Rule("fire", (w.BLAST,), unless=(w.ORDINARY_BLAST, w.BURNING_HEART), at_most=8),
    Rule("rescue", (w.DROWNS,), unless=(w.CARGO,), at_most=8),
    Rule("rescue", (w.SLIDE,), at_most=10),
    Rule("rescue", (w.COLLAPSES, w.STRUCTURE), within=3, at_most=8),
    Rule("crime", (w.POLICE, w.CALL), unless=(w.NOT_CRIME,), within=3, at_most=8),
    Rule("accident", (w.RAN_OVER,), unless=(w.NOT_CRASH, w.BEAST), at_most=8),
    Rule("medical", (w.AMBULANCE,), unless=(w.NOT_AMBULANCE,), at_most=2),
    Rule("medical", (w.DYING,), unless=(w.NOT_AMBULANCE, w.NOT_DYING), at_most=5),
    Rule("medical", (w.POISON,), unless=(w.NOT_AMBULANCE, w.BEAST), at_most=7),
)
