"""The 256 words that key codes are made of: short, common, far enough apart to be told over a telephone.

Owns the list and its order. Must never be changed: each word stands for a byte, and both ends of a comparison must
say the same. Described in docs/protocol.md, "M2. TLS".
Pure: any thread.
"""

KEY_WORDS: tuple[str, ...] = tuple(
    """
    acorn actor album alley almond amber anchor angle apple apron arrow artist aspen attic autumn award badge baker
    bamboo banana banjo barrel basket bazaar beach beard beaver belief bicycle bingo biscuit blanket blossom bottle
    bracelet branch bridge bronze brother brush bubble bucket buffalo bullet butter buzzard cabin cactus camera
    canal candle canvas canyon captain cargo carpet castle cedar cellar cement chair chapel cheese cherry chicken
    chimney chorus cinema circle citizen clarinet climate clover cobalt coconut coffee comet compass copper coral
    cottage cougar cousin cradle crater cricket crystal cupboard curtain cushion dagger daisy dancer dealer desert
    diamond dinner doctor dolphin domino donut dragon drawer dream drum dynamo eagle editor elbow elephant engine
    evening fabric factory falcon farmer father fern ferry fiddle finger forest fortune fossil freezer friday frost
    fruit galaxy garden garlic giant giraffe glacier glove goblin golden gorilla grammar granite grape gravel guitar
    gypsum hammer harbour harvest hazel helmet hermit hollow honey horizon hostel hunter iceberg igloo indigo insect
    island jacket jaguar jelly jewel jungle kangaroo kernel kettle kitchen kitten koala ladder lagoon lantern
    laundry lemon leopard letter library lighter lizard lobster lumber machine magnet mango maple marble meadow
    medal melon mirror monkey morning mosaic moss mother mountain muffin museum napkin needle nephew nickel notebook
    nurse oasis oatmeal ocean office olive onion orange orbit orchid oyster palace panda paper parrot pasture pebble
    pencil pepper piano pillow pirate planet pocket potato prairie pumpkin puzzle pyramid rabbit radio ribbon river
    rooster ruby saddle salmon saturn scarf shadow silver spider stone sugar sunset thunder tiger tunnel velvet
    window zebra
    """.split()  # noqa: SIM905 - 256 lines of one word each would say no more
)
"""The word for each byte, 0 to 255; in the order of the alphabet, no two differing in a single letter."""
